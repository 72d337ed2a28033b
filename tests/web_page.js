// web_page.js - the page in headless Chromium, in its two shapes, and its walk in Firefox. Prints "ok" and "not ok" lines for tests/run.
//
//     node web_page.js FOLDER PROGRAM WORK [PART...]
//
// FOLDER: with site/ and inceptoscope.html. PROGRAM: of the desktop, whose dumps the page's are compared with. WORK: a folder for files.
'use strict';
const { execFileSync, spawnSync } = require('child_process'), fs = require('fs'), path = require('path');
const { Browser, serve, wait } = require('./web_drive.js'), { Firefox, FIREFOX } = require('./web_firefox.js');
const { compareDumps } = require('./web_dumps.js');
const { measureGaps, SHOWN } = require('./web_gaps.js');

const [folder, program, work, ...wanted] = process.argv.slice(2);
const COMPUTING_MS = 400;                  // several times what is usual; what never yields takes longer
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

async function sameDumps(browser, url) {
  const count = await compareDumps(browser, url, program, work, {
    told(place, difference) { check(`the desktop's dump: ${place}`, difference === '', difference); },
    left(page) { clean('dumps', page, url); },
  });
  check('at 20 places or more', count >= 20, count);
}

/* ---- names in scripts that the page's own fonts lack ---------------------------------------------------------------------------- */

// Its own text, Cyrillic and Chinese come from its fonts; other characters are drawn by the browser: every one of them has some ink.
async function otherGlyphs(browser, url) {
  const page = await browser.page(url + '#--lang en'), name = path.join(work, 'Роза 玫瑰 ひまわり 🌻.png');
  fs.copyFileSync(path.resolve(__dirname, '../assets/images/rose.png'), name);
  await page.idle();
  await page.run(`(() => {
    const page = inceptoscope.program.page, old = page.textDraw, box = page.textBox;
    let text = '';
    window.drawn = {};
    page.textBox = (...what) => { text = what[0]; return box(...what); };
    page.textDraw = (...what) => { const bytes = old(...what); window.drawn[text] = bytes.filter((b, i) => i % 4 === 3 && b > 128).length; return bytes; };
  })()`);
  await page.drop(name);
  await page.until(SHOWN('ひまわり'), 20);
  await page.idle();
  const drawn = await page.run('window.drawn');
  check('the browser draws what the fonts lack', drawn['ひまわり'] > 20 && drawn['🌻'] > 20, JSON.stringify(drawn));
  check('and nothing else', Object.keys(drawn).every(text => /^[ぁ-ん🌻]+$/u.test(text)), JSON.stringify(drawn));
  await picture(page, 'glyphs');
  clean('other glyphs', page, url);
  await page.close();
}

/* ---- what people do -------------------------------------------------------------------------------------------------------------- */

// From the first stop to the last one, each computed and still; then one value, then Chinese.
async function walk(browser, url, name) {
  const page = await browser.page(url + '#--lang en --at input');
  await page.idle();
  check(`${name}: first frame`, await page.shows('input'));
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
  clean(name, page, url);
  await page.close();
}

// What a student does at each step of a lesson's file: [[key], ...] of presses; null: a choice, which is tried until one is right.
function lessonKeys(file) {
  return fs.readFileSync(file, 'utf8').split(/^step:/m).slice(1).map(step => {
    const value = key => (step.match(new RegExp(`^${key}: *(.*)`, 'm')) || [])[1];
    if (!value('ask')) return [];
    if (value('right')) return null;
    if (value('make')) return [['X', 'Shift']];
    const [, expression] = value('answer').match(/\{(.*)\}/);
    return [...execFileSync(program, ['eval', expression], { encoding: 'utf8' }).trim()].map(digit => [digit]).concat([['Enter']]);
  });
}

async function lesson(browser, url) {
  const page = await browser.page(url + '#--lang zh --lesson 3'), file = path.resolve(__dirname, '../lessons/zh/03-inception-3a.lesson');
  const press = async (...key) => { await page.key(...key); await page.idle(); }, asks = () => page.shows('空格 · 揭晓');
  const step = async () => (await page.dump()).match(/第 (\d+) \/ (\d+) 步/) || [];
  await page.idle();
  const steps = lessonKeys(file), [, first, all] = await step();
  check('a lesson by link, in Chinese', Number(first) === 1 && Number(all) === steps.length, `${first} of ${all}`);
  for (const [i, keys] of steps.entries()) {
    const asked = await asks();
    for (const key of keys || []) await press(...key);
    for (let choice = 1; keys === null && choice <= 5 && await asks(); choice++) await press(String(choice));
    check(`step ${i + 1} of the lesson`, Number((await step())[1]) === i + 1 && asked === (keys === null || keys.length > 0) && !await asks(), (await step())[0]);
    if (i + 1 < steps.length) await press(' ');
  }
  await picture(page, 'lesson');
  await page.run("dispatchEvent(new Event('pagehide'))");
  const kept = await page.run("localStorage.getItem('inceptoscope')");
  const answers = JSON.parse(kept || '{}')['.local/state/inceptoscope/lessons'] || '';
  // The step, and how each question stands: '=' and digits were answered, '+' was only revealed.
  check('a lesson to its end, its answers kept in the browser', new RegExp(`inception-3a.*\\s${all - 1}\\s+[.=1-5]{${all}}\\s`).test(answers + '\n'), answers);
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
  const texts = async () => JSON.parse(await page.dump()).items.map(i => i.text);
  // A message that it cannot be opened has its name, too.
  check('a dropped picture', await page.shows('tulips') && !(await texts()).some(text => text.includes('tulips.png: ')), (await texts()).filter(text => text.includes('tulips')));
  await page.drop(`${work}/weights.pth`);
  const which = "weights.pth: PyTorch's names"; // what the reader has found in it; the network is another one then
  await page.until(SHOWN(which.replace("'", "\\'")), 60).catch(() => {});
  await page.idle();
  check('a dropped .pth', await page.shows(which) && await page.shows('GoogLeNet, 5 classes'), (await texts()).filter(text => /pth|GoogLeNet/.test(text)));
  const saved = async (name, pattern, test) => {
    let found;
    for (let i = 0; i < 100 && !found; i++, await wait(100)) found = fs.readdirSync(downloads).find(f => pattern.test(f));
    await wait(200);
    check(name, found && test(fs.readFileSync(path.join(downloads, found))), fs.readdirSync(downloads).join(' '));
  };
  await page.key('s');
  await saved('a saved PNG', /\.png$/, bytes => bytes.subarray(1, 4).toString() === 'PNG' && bytes.readUInt32BE(16) === 1366 && bytes.readUInt32BE(20) === 768);
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

// A folder of photos is what the view of units needs: each photo goes through the network, and one of them is opened at its value.
async function units(browser, url) {
  const page = await browser.page(url + "#--lang en --at '3b[72]'"), root = path.resolve(__dirname, '..');
  await page.idle();
  await page.key('U', 'Shift');
  await page.idle();
  check('units without photos: how to begin, in the words of a page', (await page.dump()).includes('Drop a folder of photos on this page'));
  await picture(page, 'units-none');
  const folder = fs.mkdtempSync(path.join(work, 'photos-'));
  for (const name of ['rose', 'tulips', 'daisy']) fs.copyFileSync(`${root}/assets/images/${name}.png`, `${folder}/${name}.png`);
  await page.drop(folder);
  await page.until(SHOWN('3 photos'), 60).catch(() => {});
  await page.idle();
  const dump = JSON.parse(await page.dump());
  check('a dropped folder of photos', dump.items.some(i => /photos-.*3 photos|3 photos/.test(i.text)), dump.items.map(i => i.text).join('|').slice(-1500));
  await picture(page, 'units');
  await page.key('Escape');
  await page.idle();
  await page.key('T', 'Shift');
  await page.idle();
  await picture(page, 'train');
  check('the view of trainings says what a page does not do', (await page.dump()).includes('A page does not train a whole network'));
  clean('units', page, url);
  await page.close();
}

// A real paste of what is on the clipboard.
async function paste(browser, url) {
  await browser.send('Browser.grantPermissions', { permissions: ['clipboardReadWrite', 'clipboardSanitizedWrite'] });
  const page = await browser.page(url + '#--lang en');
  const press = async () => {
    const key = { key: 'v', code: 'KeyV', modifiers: 2, windowsVirtualKeyCode: 86 };
    await page.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', commands: ['paste'], ...key });
    await page.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key });
  };
  await page.idle();
  await page.run(`(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 48 });
    canvas.getContext('2d').fillRect(0, 0, 32, 32);
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': await new Promise(done => canvas.toBlob(done)) })]);
  })()`);
  await press();
  check('a pasted picture', await page.until(SHOWN('image.png'), 20).catch(() => false));
  await page.idle();
  await page.key('/');
  await page.idle();
  await page.run("navigator.clipboard.writeText('4c/5x5')");
  await press();
  check('pasted text goes into the field', await page.until(SHOWN('4c/5x5'), 10).catch(() => false));
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
  const began = Date.now();
  await page.drop(path.resolve(__dirname, '../assets/images/rose.png'));
  await page.until(SHOWN('rose.png'), 30);
  await page.idle();
  const computed = Date.now() - began;
  await page.key('o');
  await page.idle();
  await picture(page, 'pictures');
  await page.click(...await page.place('Camera'));
  await page.until("inceptoscope.program.ccall('web_shows', 'boolean', ['string'], ['camera-1.ppm'])", 40);
  // Each picture replaces the file of the one before as soon as that one is computed. How many that are in a second is this machine's affair.
  const rate = await page.run(`(async () => {
    const file = '/opened/camera-1.ppm', FS = inceptoscope.program.FS, began = performance.now();
    let last = 0, shots = -1, first = 0;
    for (let now = began; shots < 8 && now < began + 60000; now = performance.now(), await new Promise(done => setTimeout(done, 5))) {
      const made = FS.analyzePath(file).exists ? FS.stat(file).mtime.getTime() : last;
      if (made === last) continue;
      last = made;
      if (++shots === 0) first = now;
      window.shotEnd = now;
    }
    return { shots, each: (window.shotEnd - first) / shots };
  })()`);
  check('the camera gives one picture after the other', rate.shots >= 8, `${rate.shots} in a minute`);
  check('and does not wait between them', rate.each < 3 * computed, `${Math.round(rate.each)} ms for each; a dropped picture takes ${computed}`);
  console.log(`# camera: ${(1000 / rate.each).toFixed(1)} pictures a second; a dropped picture takes ${computed} ms`);
  await picture(page, 'camera');
  await page.key('o');
  await wait(500);
  await page.click(...await page.place('Keep this picture'));
  await page.idle();
  check('a picture of the camera can be kept', await page.shows('camera-1.ppm'));
  clean('camera', page, url);
  await page.close();
}

async function phone(browser, url) {
  const page = await browser.page(url + '#--lang en', { width: 390, height: 844, density: 3, phone: true });
  await page.idle();
  await picture(page, 'phone');
  await page.tap(...await page.place('inception 3a'));
  await page.idle();
  check('a tap walks in', (await page.dump()).includes('--at 3a'), (await page.dump()).match(/"--at [^"]*/));
  await picture(page, 'phone-3a');
  const tile = JSON.parse(await page.dump()).items.find(i => i.role === 'tile' && i.rect[2] > 4);
  const scale = JSON.parse(await page.dump()).scale / 3, at = [(tile.rect[0] + tile.rect[2] / 2) * scale, (tile.rect[1] + tile.rect[3] / 2) * scale];
  const selected = await page.run('1') && (await page.dump()).match(/"--at [^"]*/)[0];
  const resting = await page.dump();
  await page.touch('touchStart', at);
  await wait(800);
  await page.idle();
  await picture(page, 'phone-long');
  const held = await page.dump();
  await page.touch('touchEnd');
  await page.idle();
  check('a long press clicks nothing', (await page.dump()).match(/"--at [^"]*/)[0] === selected, selected);
  const value = dump => JSON.parse(dump).items.some(i => /^\(\d+, \d+\)/.test(i.text)); // of the pixel below the pointer
  check('a long press shows the value below it', value(held) && !value(resting), value(held) ? 'it is there before' : 'nothing');
  check('and the finger may go while it is read', value(await page.dump()));
  await page.touch('touchStart', await page.place('Weights'));
  await wait(1200);
  await page.idle();
  await page.touch('touchEnd');
  await page.idle();
  const tip = JSON.parse(await page.dump()).items.find(i => i.role === 'tooltip');
  check("a long press on a word shows its tip", tip !== undefined && await page.shows('inception 3a'), tip);
  await picture(page, 'phone-tip');
  await page.touch('touchStart', [180, 400], [210, 400]);
  for (let d = 0; d <= 100; d += 10) { await page.touch('touchMove', [180 - d, 400], [210 + d, 400]); await wait(20); }
  await page.touch('touchEnd');
  await wait(300);
  const pinched = await page.run('visualViewport.scale');
  check('a pinch enlarges', pinched > 1.3, pinched);
  clean('phone', page, url);
  await page.close();
  const wide = await browser.page(url + '#--lang en --at 3a', { width: 844, height: 390, density: 3, phone: true });
  await wide.idle();
  await wide.key('h');
  await wide.idle();
  const before = await wide.dump(), title = JSON.parse(before).items.find(i => i.text === 'Keys');
  await wide.touch('touchStart', [420, 300]);
  for (let y = 300; y >= 120; y -= 20) { await wide.touch('touchMove', [420, y]); await wait(20); }
  await wide.touch('touchEnd');
  await wide.idle();
  const after = await wide.dump();
  check('a drag scrolls and clicks nothing', before !== after && title && after.includes('"Keys"'), after === before ? 'nothing moved' : 'something was clicked');
  await picture(wide, 'phone-wide');
  clean('phone, wide', wide, url);
  await wide.close();
}

// What takes long lets frames through. How fast the machine is does not matter here: bench_web.js has the bound that is promised.
async function busy(browser, url) {
  const page = await measureGaps(browser, url, `${work}/weights.pth`, { tries: 1, enough: 0, told(name, [run]) {
    check(`frames go on: ${name}`, run.computing > 0 && run.computing < COMPUTING_MS, `${Math.round(run.computing)} ms of computing between two frames`);
  } });
  await page.key('e');
  await page.key('C', 'Shift');
  await wait(600);
  await page.key('Escape');
  await page.key('0');
  await page.idle(30);
  check('occlusion can be left', await page.shows('conv1'));
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
  clean('commands', page, url);
  clean('training', train, url);
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
    ['firefox', null, b => walk(b, server.url, 'Firefox')],
    ['firefox-file', null, b => walk(b, file, 'Firefox, one file')],
    ['lesson', GPU, b => lesson(b, server.url)],
    ['glyphs', GPU, b => otherGlyphs(b, server.url)],
    ['files', GPU, b => files(b, server.url)],
    ['units', GPU, b => units(b, server.url)],
    ['paste', GPU, b => paste(b, server.url)],
    ['camera', [...GPU, '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'], b => camera(b, server.url)],
    ['phone', GPU, b => phone(b, server.url)],
    ['busy', GPU, b => busy(b, server.url)],
    ['commands', GPU, b => commands(b, server.url)],
  ];
  for (const [name, flags, run] of parts) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    if (!flags && spawnSync(FIREFOX, ['--version']).status !== 0) {
      console.log(`ok ${name} # SKIP ${FIREFOX} is not installed`);
      continue;
    }
    const browser = flags ? new Browser(flags) : new Firefox(), began = Date.now();
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
