// bench_web.js - the page beside the native program and onnxruntime-web, in one run: forward, time to the first frame, bytes, memory.
// `make web-bench`.
//
//     node bench_web.js FOLDER THREADS PROGRAM [SECONDS]
//
// FOLDER: build/web; THREADS: build/web-threads; SECONDS: of walking before the memory is read again, 60 if not given.
'use strict';
const { execFileSync } = require('child_process'), fs = require('fs'), path = require('path');
const os = require('os');
const { Browser, serve } = require('./web_drive.js'), { measureGaps } = require('./web_gaps.js');
const { measureOrt, PACKAGE, ISOLATED } = require('./bench_ort.js'), { walkFor } = require('./web_hour.js');

const [folder, threadsFolder, program, seconds = '60'] = process.argv.slice(2);
const ROUNDS = 3, REPEAT = 10; // forwards are timed in turns, so that what else the machine does falls on all of them
const ms = value => `${value.toFixed(1)} ms`, mb = bytes => `${(bytes / 1e6).toFixed(1)} MB`;
const GAP_MS = 100;             // promised for one thread
const rows = [];
const row = (what, ...cells) => { rows.push([what, ...cells]); console.log(`| ${[what, ...cells].join(' | ')} |`); };

const FORWARD = ['bench', '--forward', '--json', '--repeat', String(REPEAT)];
function native(cpu) {
  const env = { ...process.env, ...(cpu ? { INCEPTOSCOPE_CPU: cpu } : {}) };
  return JSON.parse(execFileSync(program, FORWARD, { env, stdio: ['ignore', 'pipe', 'ignore'] }));
}

// In one browser of its own: the command's output as the page shows it.
async function inPage(url) {
  const browser = new Browser();
  const page = await browser.page(url + '#' + FORWARD.join(' '));
  const text = await page.until("document.querySelector('pre') && /\\n}\\s*$/.test(document.querySelector('pre').innerText) && document.querySelector('pre').innerText", 300);
  await browser.close();
  return JSON.parse(text.slice(text.indexOf('{')));
}

// The least of each over the rounds: { name: { one, all, threads } }.
async function forwards(server, isolated) {
  const least = {};
  const take = (name, one, all, threads) => {
    const before = least[name] || { one: Infinity, all: Infinity };
    least[name] = { one: Math.min(before.one, one), all: Math.min(before.all, all), threads };
  };
  const bench = (name, b) => take(name, b.one_ms, b.threads > 1 ? b.all_ms : Infinity, b.threads);
  for (let round = 0; round < ROUNDS; round++) {
    const best = native();
    bench(`native, ${best.kernels}`, best);
    bench('native, plain', native('plain'));
    bench('WebAssembly, one thread', await inPage(server.url));
    bench('WebAssembly, threads', await inPage(isolated.url));
    const ort = path.resolve(folder, '../onnxruntime'), one = await measureOrt(ort, program, 1, REPEAT);
    if (one !== null) take(PACKAGE, one, await measureOrt(ort, program, 2, REPEAT), 2);
  }
  return least;
}

async function start(url, mbits) {
  const browser = new Browser(['--enable-unsafe-swiftshader']), page = await browser.page(url, { mbits });
  await page.started_();
  const first = await page.run('inceptoscope.first');
  await page.idle();
  const computed = await page.run('performance.now()'), told = [];
  if (!mbits) await walkFor(browser, page, Number(seconds), (s, steps, memory) => told.push({ s, memory }));
  await browser.close();
  return { first, computed, begin: told[0], end: told[told.length - 1] };
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

function bytes() {
  console.log('\n| | bytes |\n|---|---|');
  const size = (...parts) => fs.statSync(path.join(...parts)).size.toLocaleString('en');
  for (const name of fs.readdirSync(path.join(folder, 'site')).sort()) row(name, size(folder, 'site', name));
  for (const name of fs.readdirSync(path.join(threadsFolder, 'site/threads')).sort()) row(`threads/${name}`, size(threadsFolder, 'site/threads', name));
  row('inceptoscope.html, all in one', size(folder, 'inceptoscope.html'));
}

(async () => {
  const server = await serve(path.resolve(folder, 'site')), isolated = await serve(path.resolve(threadsFolder, 'site'), ISOLATED);
  const one = `file://${path.resolve(folder)}/inceptoscope.html`;
  const times = await forwards(server, isolated);
  console.log('| forward, one picture | 1 thread | 2 threads |\n|---|---|---|');
  for (const [name, t] of Object.entries(times)) row(name, ms(t.one), t.all < Infinity ? `${ms(t.all)}${t.threads !== 2 ? ` on ${t.threads}` : ''}` : '-');
  console.log(`\n| | first frame | all computed | memory of the program, and of the browser's process | after ${seconds} s of walking |\n|---|---|---|---|---|`);
  for (const [name, url, mbits] of [['from a server', server.url], ['on threads', isolated.url], ['from a server, 20 Mbit/s', server.url, 20], ['one file', one]]) {
    const s = await start(url, mbits), memory = at => at ? `${mb(at.memory.program)}, ${mb(at.memory.resident)}` : '-';
    row(name, ms(s.first), ms(s.computed), memory(s.begin), memory(s.end));
  }
  await gaps(server.url);
  bytes();
  server.close();
  isolated.close();
})();
