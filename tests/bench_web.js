// bench_web.js - the page beside the native program, in one run: forward, time to the first frame, bytes, memory. `make web-bench`.
//
//     node bench_web.js FOLDER PROGRAM
'use strict';
const { execFileSync } = require('child_process'), fs = require('fs'), path = require('path');
const os = require('os');
const { Browser, serve, wait } = require('./web_drive.js'), { measureGaps } = require('./web_gaps.js');

const [folder, program] = process.argv.slice(2);
const ms = value => `${value.toFixed(1)} ms`, mb = bytes => `${(bytes / 1e6).toFixed(1)} MB`;
const GAP_MS = 100;             // promised for one thread
const rows = [];
const row = (what, ...cells) => { rows.push([what, ...cells]); console.log(`| ${[what, ...cells].join(' | ')} |`); };

function native(cpu) {
  const env = { ...process.env, ...(cpu ? { INCEPTOSCOPE_CPU: cpu } : {}) };
  return JSON.parse(execFileSync(program, ['bench', '--json'], { env, stdio: ['ignore', 'pipe', 'ignore'] }));
}

// In one browser of its own: the command's output as the page shows it.
async function inPage(url) {
  const browser = new Browser();
  const page = await browser.page(url + '#bench --json');
  const text = await page.until("document.querySelector('pre') && /\\n}\\s*$/.test(document.querySelector('pre').innerText) && document.querySelector('pre').innerText", 300);
  await browser.close();
  return JSON.parse(text.slice(text.indexOf('{')));
}

async function start(url, mbits) {
  const browser = new Browser(['--enable-unsafe-swiftshader', '--enable-precise-memory-info']), page = await browser.page(url, { mbits });
  await page.until('window.inceptoscope && inceptoscope.first > 0', 60);
  const first = await page.run('inceptoscope.first');
  await page.idle();
  const computed = await page.run('performance.now()'), memory = await page.run('inceptoscope.program.HEAPU8.length');
  for (let i = 0; i < 200; i++) { await page.key(i % 40 < 20 ? 'ArrowRight' : 'ArrowLeft'); await wait(20); }
  await page.idle();
  const later = await page.run('inceptoscope.program.HEAPU8.length');
  await browser.close();
  return { first, computed, memory, later };
}

// Each activity up to three times, because other programs on the machine delay frames too.
async function gaps(url) {
  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'inceptoscope-gaps-')), weights = path.join(work, 'weights.pth');
  execFileSync(program, ['convert', 'assets/weights/flowers.safetensors', weights], { stdio: 'ignore' });
  const browser = new Browser(['--enable-unsafe-swiftshader']);
  console.log(`\n| while one thread computes | longest gap between frames (below ${GAP_MS} ms) | computing in one gap |\n|---|---|---|`);
  await measureGaps(browser, url, weights, { tries: 3, enough: GAP_MS, told(name, runs) {
    const best = runs.reduce((a, b) => b.gap < a.gap ? b : a);
    row(name, `${ms(best.gap)} ${best.gap < GAP_MS ? 'ok' : 'MISSED'}`, ms(best.computing));
  } });
  await browser.close();
  fs.rmSync(work, { recursive: true });
}

(async () => {
  const server = await serve(path.resolve(folder, 'site')), one = `file://${path.resolve(folder)}/inceptoscope.html`;
  const best = native(), plain = native('plain'), page = await inPage(server.url), file = await inPage(one);
  console.log('| forward, one picture | 1 thread | 2 threads |\n|---|---|---|');
  row(`native, ${best.kernels}`, ms(best.whole.one_ms), ms(best.whole.all_ms));
  row('native, plain (SSE2)', ms(plain.whole.one_ms), ms(plain.whole.all_ms));
  row('WebAssembly in Chromium, from a server', ms(page.whole.one_ms), '- (the page has one thread)');
  row('WebAssembly in Chromium, one file', ms(file.whole.one_ms), '-');
  console.log('\n| | first frame | all computed | memory at start | after 200 steps |\n|---|---|---|---|---|');
  for (const [name, url, mbits] of [['from a server', server.url], ['from a server, 20 Mbit/s', server.url, 20], ['one file', one]]) {
    const s = await start(url, mbits);
    row(name, ms(s.first), ms(s.computed), mb(s.memory), mb(s.later));
  }
  await gaps(server.url);
  console.log('\n| | bytes |\n|---|---|');
  for (const name of fs.readdirSync(path.join(folder, 'site')).sort()) row(name, fs.statSync(path.join(folder, 'site', name)).size.toLocaleString('en'));
  row('inceptoscope.html, all in one', fs.statSync(path.join(folder, 'inceptoscope.html')).size.toLocaleString('en'));
  server.close();
})();
