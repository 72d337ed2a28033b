// web_threads.js - the page with the program on threads: it is chosen where the browser lets threads share memory, by headers or by the
// service worker, and its values are those of the native plain kernels on one thread, bit for bit. Prints "ok" and "not ok" lines for tests/run.
//
//     node web_threads.js SITE PROGRAM WORK
'use strict';
const { execFileSync } = require('child_process'), path = require('path');
const { Browser, serve, wait } = require('./web_drive.js'), { compareDumps } = require('./web_dumps.js'), { ISOLATED } = require('./bench_ort.js');

const [site, program, work] = process.argv.slice(2);
const GPU = ['--enable-unsafe-swiftshader'];
const COMMANDS = [
  'trace googlenet --format json',
  'predict --format json assets/images/daisy.png assets/images/rose.png assets/images/tulips.png',
  "explain value --at 4e[600] --pos 7,7 --format json assets/images/daisy.png",
  "explain value --at softmax[0] --pos 0,0 --format json assets/images/daisy.png",
];
function check(name, good, detail = '') { console.log(good ? `ok ${name}` : `not ok ${name}: ${String(detail).slice(0, 400)}`); }

// Until the page is isolated. It may load once more, in another process of the browser, and a question asked meanwhile gets no answer.
async function isolated(page) {
  for (const end = Date.now() + 60000; Date.now() < end; await wait(100))
    if (await Promise.race([page.run('crossOriginIsolated').catch(() => false), wait(2000)])) return;
  throw new Error('the page is not isolated after a minute');
}

async function chosen(browser, name, url) {
  const page = await browser.page(url + '#--lang en');
  await isolated(page);
  await page.started_();
  await page.idle();
  check(`${name}: on threads`, await page.run('inceptoscope.threads'), page.errors.join('; '));
  await page.key('ArrowRight');
  await page.idle();
  await page.key('g');
  await page.idle(200);
  check(`${name}: gradients`, await page.shows('gradient flow'));
  check(`${name}: no error`, page.errors.length === 0, page.errors.join('; '));
  await page.close();
}

// What a command prints in the page, and what the native program prints. The page's folder is at the root of its own files,
// and it shows messages before the result.
const WHOLE = "(() => { const text = document.querySelector('pre')?.textContent || ''; try { return JSON.stringify(JSON.parse(text.slice(text.search(/^[[{]/m)))); } catch (_) { return ''; } })()";
async function sameOutput(browser, url, command) {
  const page = await browser.page(`${url}#${command.replace(/assets\//g, '/assets/')}`);
  const shown = (await page.until(WHOLE, 120)).replace(/"\/assets\//g, '"assets/');
  const native = execFileSync(program, command.split(' '), { env: { ...process.env, INCEPTOSCOPE_CPU: 'plain' }, stdio: ['ignore', 'pipe', 'ignore'] }).toString();
  check(`the same on threads: ${command.slice(0, 60)}`, shown === JSON.stringify(JSON.parse(native)), shown.slice(0, 200));
  await page.close();
}

async function main() {
  const headers = await serve(path.resolve(site), ISOLATED), none = await serve(path.resolve(site));
  const browser = new Browser(GPU);
  try {
    await chosen(browser, 'a server that sends the headers', headers.url);
    await chosen(browser, 'a server that sends none', none.url);
    for (const command of COMMANDS) await sameOutput(browser, headers.url, command);
    await compareDumps(browser, headers.url, program, work, {
      told: (place, difference) => check(`the dump on threads is the desktop's: ${place}`, difference === '', difference),
      left: page => check('dumps on threads: no error', page.errors.length === 0, page.errors.join('; ')),
    });
  } catch (reason) {
    check('threads', false, reason.stack || reason);
  }
  await browser.close();
  headers.close();
  none.close();
}

main();
