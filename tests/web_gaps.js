// web_gaps.js - what takes long in the page, and the longest wait between two frames of the browser meanwhile. bench_web.js prints a table of
// it; web_page.js does each once.
'use strict';
const fs = require('fs'), path = require('path');
const { wait } = require('./web_drive.js');

const IMAGES = path.resolve(__dirname, '../assets/images');
const SHOWN = name => `inceptoscope.program.ccall('web_shows', 'boolean', ['string'], ['${name}'])`;
// A JPEG of 4000 x 3000 pixels in colours that need every bit of it.
const LARGE_PHOTO = `(async () => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 4000, height: 3000 }), ink = canvas.getContext('2d');
  for (let i = 0; i < 4000; i++) {
    ink.fillStyle = 'hsl(' + i * 77 % 360 + ' 80% ' + i % 100 + '%)';
    ink.fillRect(i * 37 % 4000, i * 91 % 3000, 400, 90);
  }
  window.photo = new File([await new Promise(done => canvas.toBlob(done, 'image/jpeg', 0.9))], 'large.jpg', { type: 'image/jpeg' });
})()`;
const DROP_PHOTO = "(() => { const data = new DataTransfer(); data.items.add(window.photo); dispatchEvent(new DragEvent('drop', { dataTransfer: data })); })()";

// [what, how it begins, how it is left, what must be before]; p: the page; n: how often it has begun. A picture that was not shown before, so
// that nothing is known of it.
const picture = (p, n) => p.drop(path.join(IMAGES, ['rose.png', 'tulips.png', 'daisy.png'][n % 3]));
const keys = async (p, list, ms = 0) => { for (const [key, ...held] of list) { await p.key(key, ...held); if (ms) await wait(ms); else await p.idle(); } };
const walk = async (p, key) => { for (let i = 0; i < 24; i++) await keys(p, [[key]]); };
// Photos in two folders, beside the file of weights.
function classes(weights) {
  const folder = path.join(path.dirname(weights), 'classes');
  for (const [name, files] of [['flowers', ['rose', 'tulips', 'daisy', 'dandelion']], ['patterns', ['checkerboard', 'colour_wheel', 'gratings']]]) {
    fs.mkdirSync(path.join(folder, name), { recursive: true });
    for (const file of files) fs.copyFileSync(path.join(IMAGES, file + '.png'), path.join(folder, name, file + '.png'));
  }
  return folder;
}
const activities = weights => [
  ['another picture', picture],
  ['a walk through all stops', async p => { await p.key('Home'); await p.idle(); await walk(p, 'ArrowRight'); }, async p => { await p.key('/'); await p.type('5b'); await p.key('Enter'); }],
  ['gradients', async (p, n) => { if (n > 0) await picture(p, n); await p.key('g'); }, p => p.key('Escape')],
  ['occlusion', async (p, n) => { await picture(p, n + 1); await p.key('C', 'Shift'); }, p => p.key('Escape')],
  ['class activation', p => p.key('c'), p => p.key('Escape')],
  ['a silenced branch', async p => { await p.key('ArrowDown'); await p.key('X', 'Shift'); }, p => p.key('u')],
  ['what a channel wants', async (p, n) => { await p.key('/'); await p.type(`conv1[${n}]`); await p.key('Enter'); await p.idle(); await p.key('M', 'Shift'); }, p => p.key('Escape')],
  ['what a channel wants, deep', async (p, n) => { await p.key('/'); await p.type(`4a[${n}]`); await p.key('Enter'); await p.idle(); await p.key('M', 'Shift'); await wait(5000); await p.key('Escape'); }],
  ['groups', async (p, n) => { await picture(p, n); await p.idle(); await p.key('G', 'Shift'); }, p => p.key('Escape')],
  ['a circuit', async (p, n) => { await p.key('/'); await p.type(`3b/3x3[${n + 7}]`); await p.key('Enter'); await p.idle(); await p.key('R', 'Shift'); }, p => keys(p, [['Escape'], ['Escape']])],
  ['fooling it', async (p, n) => { await picture(p, n); await p.idle(); await keys(p, [['F', 'Shift'], ['ArrowRight']]); }, p => p.key('Escape')],
  ['which map to trust', async (p, n) => { await picture(p, n); await p.idle(); await keys(p, [['Y', 'Shift'], ['ArrowRight']]); }, p => p.key('Escape')],
  ['backwards to one weight', async (p, n) => { await p.key('/'); await p.type(`3b/3x3[${n + 20}]`); await p.key('Enter'); await p.idle(); await p.key('D', 'Shift'); }, p => keys(p, [['Escape'], ['Escape']])],
  ['the shares of a module', async (p, n) => { await picture(p, n + 1); await p.idle(); await keys(p, [['c'], ['x']]); }, p => p.key('Escape')],
  ['teaching the last layer', async p => { await p.key('K', 'Shift'); await p.drop(classes(weights)); await wait(1000); await p.idle(); await p.key('Enter'); await wait(300); }],
  ['teaching all layers', async p => { await p.key(' '); await wait(5000); await p.key('Escape'); await wait(300); }, p => p.key('Escape')],
  ['a folder of photos', async p => { await p.key('U', 'Shift'); await p.drop(IMAGES); await wait(300); }, p => p.key('Escape')],
  ['the reference engine', p => p.key('e'), p => p.key('e')],
  ['weights (.pth)', async p => { await p.drop(weights); await p.until(SHOWN(path.basename(weights)), 60); }],
  ['a photo of 12 megapixels', async p => { await p.run(DROP_PHOTO); await p.until(SHOWN('large.jpg'), 60); }, null, p => p.run(LARGE_PHOTO)],
  ['the list of pictures', p => p.key('o'), p => p.key('Escape')],
  ['a saved picture', async p => { await p.key('s'); await wait(1500); }],
  ['a saved CSV', async p => { await p.key('S', 'Shift'); await wait(200); }, null, async p => { await p.key('Home'); await keys(p, [['ArrowRight']]); }],
  ['a saved npy', async p => { await p.key('s', 'Alt'); await wait(200); }],
  ['a recorded GIF', async p => { await p.key('s', 'Control'); await wait(3000); await p.key('s', 'Control'); await wait(200); }],
];

// Calls told(name, runs) for each activity, where runs is [{ gap, computing }, ...] of page.waits, in ms; a run more while none has a gap below
// `enough`, at most `tries`.
async function measureGaps(browser, url, weights, { tries, enough, told }) {
  const page = await browser.page(url + '#--lang en --at 3a');
  await page.started_();
  await page.until('inceptoscope.frames.length > 1'); // the first one makes ready what all others use: programs of the graphics card, glyphs
  const first = await page.waits(() => page.idle());
  told('the first picture', [first]);
  for (const [name, start, back, before] of activities(weights)) {
    const runs = [];
    if (before) await before(page);
    await page.idle();
    while (runs.length < tries && !runs.some(run => run.gap < enough)) {
      runs.push(await page.waits(async () => { await start(page, runs.length); await page.idle(300); }));
      if (back) await back(page);
      await page.idle();
    }
    told(name, runs);
  }
  return page;
}

module.exports = { measureGaps, SHOWN };
