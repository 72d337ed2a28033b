// web_page.js - the page in headless Chromium, in its two shapes. Prints "ok" and "not ok" lines for tests/run.
//
//     node web_page.js FOLDER PROGRAM WORK [PART...]
//
// FOLDER: with site/ and inceptoscope.html. PROGRAM: of the desktop, whose dumps the page's are compared with. WORK: a folder for files.
'use strict';
const { execFileSync } = require('child_process'), fs = require('fs'), path = require('path');
const { Browser, serve, wait } = require('./web_drive.js');

const [folder, program, work, ...wanted] = process.argv.slice(2);
const TRIES = 3, GAP_MS = 100;             // no frame waits longer, whatever is computed
const file = `file://${path.resolve(folder)}/inceptoscope.html`;
const GPU = ['--enable-unsafe-swiftshader'], NO_GPU = ['--disable-3d-apis', '--disable-gpu'];
const shot = process.env.SHOTS ? name => path.join(process.env.SHOTS, name + '.png') : () => null;

function check(name, good, detail = '') { console.log(good ? `ok ${name}` : `not ok ${name}: ${String(detail).slice(0, 400)}`); }
async function picture(page, name) { if (shot(name)) await page.screenshot(shot(name)); }
// Nothing went wrong, and nothing was asked of another server.
function clean(name, page, origin) {
  check(`${name}: no error`, page.errors.length === 0, page.errors.join('; '));
  const others = page.requests.filter(url => !url.startsWith(origin) && !/^(data|blob):/.test(url));
  check(`${name}: no request to another origin`, others.length === 0, others.join(' '));
}

/* ---- the same dumps as on a desktop ---------------------------------------------------------------------------------------------- */

// What both do: keys as scripts of the program name them, '' is a dump.
const WALK = ['', 'Right', 'Right', '', 'Down', '', 'Right', 'Right', 'Right', '', 'Down', '', 'Enter', '', 'Enter', '', 'Right', 'Down', '', 'Escape', 'Escape',
  'Escape', 'w', '', 'Escape', 'c', '', 'Escape', 'l', '', 'Escape', 'z', '', 'l', '', 'Escape', 'End', '', 'Home', 't', '', 'h', '', 'Escape', 'm', '', 'Escape', 'n', '',
  'Escape', 'g', '', 'Escape', 'd', '', 'Escape', '0', '', '/', ''];
const DOM_KEYS = { Right: 'ArrowRight', Left: 'ArrowLeft', Up: 'ArrowUp', Down: 'ArrowDown' };

function desktopDumps() {
  let count = 0;
  const lines = ['wait-idle', ...WALK.map(key => key === '' ? `wait 7000\nwait-idle\ndump ${work}/desktop-${++count}.json` : `key ${key}\nwait-idle`)];
  fs.writeFileSync(`${work}/walk.script`, lines.join('\n') + '\n');
  execFileSync(program, ['--size', '1366x768', '--script', `${work}/walk.script`], { env: { ...process.env, INCEPTOSCOPE_CPU: 'plain' } });
  return Array.from({ length: count }, (_, i) => fs.readFileSync(`${work}/desktop-${i + 1}.json`, 'utf8'));
}

// What a clock says differs, and the status line's passing words; a page has no folder of the user.
function comparable(dump) {
  const parsed = JSON.parse(dump);
  parsed.items = parsed.items.filter(item => !/\d ms\b|毫秒/.test(item.text));
  return parsed;
}
function firstDifference(a, b) {
  for (let i = 0; i < Math.max(a.items.length, b.items.length); i++)
    if (JSON.stringify(a.items[i]) !== JSON.stringify(b.items[i])) return `${JSON.stringify(a.items[i])} and ${JSON.stringify(b.items[i])}`;
  return JSON.stringify({ ...a, items: 0 }) === JSON.stringify({ ...b, items: 0 }) ? '' : 'the window';
}

async function sameDumps(browser, url) {
  const desktop = desktopDumps(), page = await browser.page(url + '#--lang en');
  await page.idle();
  let count = 0;
  for (const key of WALK) {
    if (key !== '') await page.key(DOM_KEYS[key] || key);
    await page.idle();
    if (key !== '') continue;
    let difference = '-';
    for (let tries = 0; tries < 40 && difference !== ''; tries++, await wait(200)) // words of the status line pass
      difference = firstDifference(comparable(desktop[count]), comparable(await page.dump()));
    check(`dump ${++count} equals the desktop's`, difference === '', difference);
  }
  check('at 20 places or more', count >= 20, count);
  clean('the same dumps', page, url);
  await page.close();
}

/* ---- what people do -------------------------------------------------------------------------------------------------------------- */

// From the first stop to the last one, each computed and still; then one value, then Chinese.
async function walk(browser, url, name) {
  const page = await browser.page(url + '#--lang en --at input');
  await page.idle();
  check(`${name}: first frame`, await page.shows('input'));
  await page.longestGap();
  let stops = 1;
  for (let before = await page.dump(), next; stops < 60; before = next, stops++) {
    await page.key('ArrowRight');
    await page.idle();
    next = await page.dump();
    const at = dump => JSON.parse(dump).items.filter(i => i.text.startsWith('--at ')).map(i => i.text).join();
    if (at(next) === at(before)) break;
  }
  check(`${name}: walks through all stops`, stops >= 21 && await page.shows('softmax'), stops);
  await page.key('/');
  await page.type('3a/3x3');
  await page.key('Enter');
  await page.idle();
  await page.key('Enter');
  await page.idle();
  await page.key('Enter');
  await page.idle();
  check(`${name}: one value`, await page.shows('--view value') || (await page.dump()).includes('"--at inception_3a/3x3['), (await page.dump()).match(/"--at [^"]*/));
  await picture(page, `${name}-value`);
  await page.key('z');
  await page.idle();
  check(`${name}: Chinese`, await page.shows('中文') && await page.shows('网络'));
  await picture(page, `${name}-chinese`);
  const gap = await page.longestGap();
  check(`${name}: no frame of the walk waits ${GAP_MS} ms`, gap < GAP_MS, `${gap} ms`);
  clean(name, page, url);
  await page.close();
}

async function lesson(browser, url) {
  const page = await browser.page(url + '#--lang zh --lesson 3');
  await page.idle();
  const step = async () => (await page.dump()).match(/第 (\d+) \/ (\d+) 步/) || [];
  let [, now, all] = await step(), presses = 0;
  check('a lesson by link, in Chinese', Number(all) > 2 && Number(now) === 1, `${now} of ${all}`);
  for (; Number(now) < Number(all) && presses < 80; presses++) {
    await page.key(presses % 2 ? '1' : ' ');
    await page.idle();
    [, now] = await step();
  }
  check('a lesson to its end', now === all, `${now} of ${all}`);
  await picture(page, 'lesson');
  await page.run("dispatchEvent(new Event('pagehide'))");
  const kept = await page.run("localStorage.getItem('inceptoscope')");
  check('answers of lessons are kept in the browser', kept && JSON.parse(kept)['.local/state/inceptoscope/lessons'].includes('inception-3a'), kept);
  await page.key('t'); // dark
  await page.idle();
  await page.run("dispatchEvent(new Event('pagehide'))");
  await page.close();
  const again = await browser.page(url + '#--lang zh --lesson 3');
  await again.idle();
  const dump = await again.dump();
  check('and are there the next time', dump.includes(`第 ${all} / ${all} 步`), dump.match(/第 .* 步/));
  check('settings too', JSON.parse(dump).theme === 'dark');
  await again.key('t');
  await again.idle();
  await again.run("dispatchEvent(new Event('pagehide'))");
  await again.close();
}

async function files(browser, url) {
  const downloads = fs.mkdtempSync(path.join(work, 'downloads-')), root = path.resolve(__dirname, '..');
  const page = await browser.page(url + '#--lang en --at 3a', { downloads });
  await page.idle();
  await page.drop(`${root}/assets/images/tulips.png`);
  await page.until("inceptoscope.program.ccall('web_shows', 'boolean', ['string'], ['tulips.png'])", 30);
  await page.idle();
  check('a dropped picture', await page.shows('tulips.png'));
  await page.longestGap();
  await page.drop(`${work}/weights.pth`);
  await page.until("inceptoscope.program.ccall('web_shows', 'boolean', ['string'], ['weights.pth'])", 60).catch(() => {});
  await page.idle();
  check('a dropped .pth', (await page.dump()).includes('weights.pth'));
  let gap = await page.longestGap();
  check(`no frame waits ${GAP_MS} ms while weights are read`, gap < GAP_MS, `${gap} ms`);
  const saved = async (name, pattern, test) => {
    let found;
    for (let i = 0; i < 100 && !found; i++, await wait(100)) found = fs.readdirSync(downloads).find(f => pattern.test(f));
    await wait(200);
    check(name, found && test(fs.readFileSync(path.join(downloads, found))), fs.readdirSync(downloads).join(' '));
  };
  await page.longestGap();
  await page.key('s');
  await saved('a saved PNG', /\.png$/, bytes => bytes.subarray(1, 4).toString() === 'PNG' && bytes.readUInt32BE(16) === 1366 && bytes.readUInt32BE(20) === 768);
  gap = await page.longestGap();
  check(`no frame waits ${GAP_MS} ms while it is saved`, gap < GAP_MS, `${gap} ms`);
  await page.key('S', 'Shift');
  await saved('a saved CSV', /\.csv$/, bytes => bytes.toString().split('\n').length > 28);
  await page.key('s', 'Alt');
  await saved('a saved npy', /\.npy$/, bytes => bytes.subarray(1, 6).toString() === 'NUMPY');
  await page.key('s', 'Control');
  await wait(1500);
  await page.key('s', 'Control');
  await saved('a saved GIF', /\.gif$/, bytes => bytes.subarray(0, 3).toString() === 'GIF');
  await page.idle();
  await browser.send('Browser.grantPermissions', { permissions: ['clipboardReadWrite', 'clipboardSanitizedWrite'] });
  await page.key('c', 'Control');
  await wait(300);
  const link = await page.run('navigator.clipboard.readText()');
  check('Ctrl+C gives a link to this place', link.startsWith(url) && link.includes('#--'), link);
  clean('files', page, url);
  await page.close();
}

async function paste(browser, url) {
  const page = await browser.page(url + '#--lang en');
  await page.idle();
  await page.run(`(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 48 }), data = new DataTransfer();
    canvas.getContext('2d').fillRect(0, 0, 32, 32);
    const blob = await new Promise(done => canvas.toBlob(done));
    data.items.add(new File([blob], 'pasted.png', { type: 'image/png' }));
    dispatchEvent(new ClipboardEvent('paste', { clipboardData: data }));
  })()`);
  await page.until("inceptoscope.program.ccall('web_shows', 'boolean', ['string'], ['pasted.png'])", 30).catch(() => {});
  check('a pasted picture', await page.shows('pasted.png'));
  await page.idle();
  await page.key('/');
  await page.idle();
  await page.run(`(() => { const data = new DataTransfer(); data.setData('text/plain', '4c/5x5'); dispatchEvent(new ClipboardEvent('paste', { clipboardData: data })); })()`);
  await page.idle();
  check('pasted text goes into the field', await page.shows('4c/5x5'));
  await page.send('Input.imeSetComposition', { text: '卷', selectionStart: 1, selectionEnd: 1 });
  await page.send('Input.insertText', { text: '卷积' });
  await page.idle();
  check('an input method writes into the field', (await page.dump()).includes('卷积'), (await page.dump()).match(/"role": "field"[^}]*/));
  await page.close();
}

async function camera(browser, url) {
  const origin = new URL(url).origin;
  if (origin !== 'null') await browser.send('Browser.grantPermissions', { permissions: ['videoCapture'], origin });
  const page = await browser.page(url + '#--lang en');
  await page.idle();
  await page.key('o');
  await page.idle();
  await picture(page, 'pictures');
  await page.click(...await page.place('Camera'));
  await page.until("inceptoscope.program.ccall('web_shows', 'boolean', ['string'], ['camera-1.png'])", 40);
  const versions = await page.run(`(async () => {
    const sizes = new Set(), end = performance.now() + 6000;
    for (; performance.now() < end; await new Promise(done => setTimeout(done, 20)))
      if (inceptoscope.program.FS.analyzePath('/opened/camera-1.png').exists) sizes.add(inceptoscope.program.FS.stat('/opened/camera-1.png').mtime.getTime());
    return sizes.size;
  })()`);
  check('the camera gives several pictures a second', versions / 6 >= 2, `${versions} in 6 s`);
  await picture(page, 'camera');
  await page.key('o');
  await wait(500);
  await page.click(...await page.place('Keep this picture'));
  await page.idle();
  check('a picture of the camera can be kept', await page.shows('camera-1.png'));
  clean('camera', page, url);
  await page.close();
}

async function phone(browser, url) {
  const page = await browser.page(url + '#--lang en', { width: 390, height: 844, density: 3, phone: true });
  await page.idle();
  await picture(page, 'phone');
  await page.tap(...await page.place('inception 3a'));
  await page.idle();
  check('a tap walks in', (await page.dump()).includes('--at inception_3a'), (await page.dump()).match(/"--at [^"]*/));
  await picture(page, 'phone-3a');
  await page.key('/');
  await page.idle();
  const before = await page.dump();
  await page.touch('touchStart', [200, 500]);
  for (let y = 500; y >= 300; y -= 20) { await page.touch('touchMove', [200, y]); await wait(20); }
  await page.touch('touchEnd');
  await page.idle();
  const after = await page.dump();
  check('a drag scrolls and clicks nothing', before !== after && after.includes('"role": "field"'), after === before ? 'nothing moved' : 'the list is gone');
  await page.key('Escape');
  await page.idle();
  const tile = JSON.parse(await page.dump()).items.find(i => i.role === 'tile' && i.rect[2] > 4);
  const scale = JSON.parse(await page.dump()).scale / 3, at = [(tile.rect[0] + tile.rect[2] / 2) * scale, (tile.rect[1] + tile.rect[3] / 2) * scale];
  const selected = await page.run('1') && (await page.dump()).match(/"--at [^"]*/)[0];
  await page.touch('touchStart', at);
  await wait(800);
  await page.idle();
  await picture(page, 'phone-long');
  const held = await page.dump();
  await page.touch('touchEnd');
  await page.idle();
  check('a long press shows what hover shows, and clicks nothing', (await page.dump()).match(/"--at [^"]*/)[0] === selected && held.length > 0, selected);
  await page.send('Input.synthesizePinchGesture', { x: 195, y: 400, scaleFactor: 2, gestureSourceType: 'touch' });
  await wait(300);
  const pinched = await page.run('visualViewport.scale');
  check('a pinch enlarges', pinched > 1.3, pinched);
  clean('phone', page, url);
  await page.close();
}

const LARGE_PHOTO = `(async () => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 4000, height: 3000 }), ink = canvas.getContext('2d');
  for (let i = 0; i < 4000; i++) {
    ink.fillStyle = 'hsl(' + i * 77 % 360 + ' 80% ' + i % 100 + '%)';
    ink.fillRect(i * 37 % 4000, i * 91 % 3000, 400, 90);
  }
  window.photo = new File([await new Promise(done => canvas.toBlob(done, 'image/jpeg', 0.9))], 'large.jpg', { type: 'image/jpeg' });
})()`;

// What takes long, each with the longest wait between two frames meanwhile.
async function busy(browser, url) {
  const page = await browser.page(url + '#--lang en --at 3a');
  await page.idle();
  // Other programs on the machine delay frames too, so what is too slow may show in another try that it is not.
  const during = async (name, start, back = ['Escape']) => {
    const gaps = [];
    for (let tries = 0; tries < TRIES && !gaps.some(gap => gap < GAP_MS); tries++) {
      await page.longestGap();
      await start();
      await page.idle(240);
      gaps.push(await page.longestGap());
      for (const key of back) await page.key(key);
      await page.idle();
    }
    check(`no frame waits ${GAP_MS} ms: ${name}`, gaps.some(gap => gap < GAP_MS), `${gaps.map(Math.round).join(', ')} ms`);
  };
  const picture_ = name => page.drop(path.resolve(__dirname, '../assets/images', name));
  let turn = 0;
  await during('another picture', () => picture_(['rose.png', 'tulips.png', 'daisy.png'][turn++ % 3]));
  await during('a walk', async () => { for (let i = 0; i < 6; i++, await page.idle()) await page.key('ArrowRight'); }, []);
  await during('gradients', () => page.key('g'));
  await during('occlusion', async () => { await picture_(['rose.png', 'tulips.png', 'daisy.png'][turn++ % 3]); await page.key('C', 'Shift'); });
  await during('class activation', () => page.key('c'));
  await during('a silenced branch', async () => { await page.key('ArrowDown'); await page.key('X', 'Shift'); }, ['u']);
  await during('the reference engine', () => page.key('e'), ['e']);
  await during('the list of pictures', () => page.key('o'));
  await page.run(LARGE_PHOTO);
  await during('a photo of 12 megapixels', async () => {
    await page.run("(() => { const data = new DataTransfer(); data.items.add(window.photo); dispatchEvent(new ClipboardEvent('paste', { clipboardData: data })); })()");
    await page.until("inceptoscope.program.ccall('web_shows', 'boolean', ['string'], ['large.jpg'])", 60);
  });
  const cancel = async () => { await page.key('e'); await page.key('C', 'Shift'); await wait(600); await page.key('Escape'); await page.key('0'); };
  await cancel();
  await page.idle(30);
  check('occlusion can be left', await page.shows('inception 5b'));
  clean('busy', page, url);
  await page.close();
}

async function commands(browser, url) {
  const page = await browser.page(url + '#trace googlenet');
  await page.until("document.querySelector('pre') && document.querySelector('pre').innerText.includes('inception_5b')", 40);
  check('a command as a link', true);
  await page.close();
  const train = await browser.page(url + '#train /data');
  await train.until("document.querySelector('pre') && document.querySelector('pre').innerText.includes('desktop')", 40);
  check('training says where it is possible', true);
  await train.close();
}

/* ---- all ------------------------------------------------------------------------------------------------------------------------- */

async function main() {
  const server = await serve(path.resolve(folder, 'site'));
  const parts = [
    ['dumps', GPU, b => sameDumps(b, server.url)],
    ['walk', GPU, b => walk(b, server.url, 'from a server')],
    ['file', GPU, b => walk(b, file, 'one file')],
    ['software', NO_GPU, b => walk(b, file, 'without WebGL')],
    ['lesson', GPU, b => lesson(b, server.url)],
    ['files', GPU, b => files(b, server.url)],
    ['paste', GPU, b => paste(b, server.url)],
    ['camera', [...GPU, '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'], b => camera(b, server.url)],
    ['phone', GPU, b => phone(b, server.url)],
    ['busy', GPU, b => busy(b, server.url)],
    ['commands', GPU, b => commands(b, server.url)],
  ];
  for (const [name, flags, run] of parts) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const browser = new Browser(flags), began = Date.now();
    try {
      await run(browser);
    } catch (reason) {
      check(name, false, reason.stack || reason);
    }
    await browser.close();
    if (process.env.TIMES) console.log(`# ${name} ${((Date.now() - began) / 1000).toFixed(1)} s`);
  }
  server.close();
}

main();
