// web_hour.js - how much memory the page takes while somebody walks through the network for a long time. A step every second: through all
// stops and back, and at each turn into one value, another layer's weights and another picture.
//
//     node web_hour.js SITE SECONDS [URL]
'use strict';
const fs = require('fs'), path = require('path');
const { Browser, serve, wait } = require('./web_drive.js');

const IMAGES = path.resolve(__dirname, '../assets/images'), PICTURES = ['rose.png', 'tulips.png', 'daisy.png'];
const mb = bytes => (bytes / 1e6).toFixed(1) + ' MB';

// Resident bytes of the browser's process that shows the page: the largest renderer among its children.
function resident(browser) {
  const found = [];
  for (const pid of fs.readdirSync('/proc').filter(name => /^\d+$/.test(name)))
    try {
      const words = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      if (!words.includes('--type=renderer') || !words.includes(path.basename(browser.folder))) continue;
      found.push(1024 * Number(fs.readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]));
    } catch (_) { /* it has just ended */ }
  return Math.max(0, ...found);
}

async function memory(browser, page) {
  const { usedSize } = await page.send('Runtime.getHeapUsage');
  return { program: await page.run('inceptoscope.program.HEAPU8.length'), script: usedSize, resident: resident(browser) };
}

// Steps for that long; tell(seconds, steps, memory) at its start, each minute and at its end.
async function walkFor(browser, page, seconds, tell, pause = 1000) {
  const began = Date.now(), gone = () => (Date.now() - began) / 1000;
  let steps = 0, told = 0;
  const step = async (key, ...held) => { await page.key(key, ...held); steps++; await wait(pause); };
  await page.idle();
  tell(0, 0, await memory(browser, page));
  for (let lap = 0; gone() < seconds; lap++) {
    for (let i = 0; i < 24 && gone() < seconds; i++) {
      await step(lap % 2 ? 'ArrowLeft' : 'ArrowRight');
      if (gone() - told >= 60) tell(Math.round(told = gone()), steps, await memory(browser, page));
    }
    for (const key of ['ArrowLeft', 'ArrowDown', 'Enter', 'Enter', 'ArrowRight', 'Escape', 'Escape', 'w', 'Escape', 'l', 'Escape', 'Home']) await step(key);
    await page.drop(path.join(IMAGES, PICTURES[lap % PICTURES.length]));
    await wait(pause);
  }
  await page.idle();
  tell(Math.round(gone()), steps, await memory(browser, page));
}

module.exports = { walkFor, memory };

if (require.main === module)
  (async () => {
    const [site, seconds] = process.argv.slice(2), server = await serve(path.resolve(site));
    const browser = new Browser(['--enable-unsafe-swiftshader']), page = await browser.page(server.url + '#--lang en');
    await page.started_();
    console.log('| seconds | steps | memory of the program | of its scripts | of the browser\'s process |\n|---|---|---|---|---|');
    await walkFor(browser, page, Number(seconds), (s, steps, m) => console.log(`| ${s} | ${steps} | ${mb(m.program)} | ${mb(m.script)} | ${mb(m.resident)} |`));
    if (page.errors.length) console.log('errors: ' + page.errors.join('; '));
    await browser.close();
    server.close();
  })();
