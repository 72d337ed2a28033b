// web_dumps.js - what is on the screen, as --dump writes it: the page's must equal the desktop's, at every place below.
'use strict';
const { execFileSync } = require('child_process'), fs = require('fs'), path = require('path');
const { wait } = require('./web_drive.js');

// Runs of both programs: options, which are also the page's link, and places, each with the keys that lead there from the one before.
// Of lenet5, which is small, what takes half a minute with a large network.
// A page keeps its settings from run to run, so a link names what they would change.
const SETTINGS = '--lang en --theme light --map viridis';
const RUNS = [
  ['', [
    ['the input', ''], ['norm1', 'Right Right'], ['inside norm1', 'Down'], ['inception 3a', 'Right Right Right'], ['inside 3a', 'Down'],
    ['one value', 'Enter'], ['a step of it', 'Enter'], ['the next pixel', 'Right Down'], ['weights', 'Escape Escape Escape w'],
    ['class activation', 'Escape c'], ['the shares of a module', 'x'], ['the ledger', 'Escape l'], ['Chinese', 'Escape z'],
    ['the ledger in Chinese', 'l'], ['groups in Chinese', 'Escape Shift+g'], ['groups, six of them', 'z 6'], ['the last stop', 'Escape End'],
    ['dark', 'Home t'], ['help', 'h'], ['another colour map', 'Escape m'], ['lessons', 'Escape n'], ['gradients', 'Escape g'],
    ['comparison', 'Escape d'], ['the overview', 'Escape 0'], ['the search', '/'],
  ]],
  ["--at '3b/3x3[72]'", [['one value of 3b', 'Enter'], ['its circuit', 'Shift+r'], ['a silenced channel', 'Escape Escape x'], ['a silenced branch', 'u Shift+x']]],
  ["--at 'conv1[5]'", [['what conv1 wants', 'Shift+m']]],
  ['--network lenet5', [['a fooled network', 'Shift+f Right'], ['another class', 'Down'], ['which map to trust', 'Escape Shift+y'], ['with random weights', 'Right Right']]],
];
const DOM_KEYS = { Right: 'ArrowRight', Left: 'ArrowLeft', Up: 'ArrowUp', Down: 'ArrowDown' };
const presses = keys => keys.split(' ').filter(key => key !== '');

// The desktop's dumps of a run's places. The wait: words of the status line pass.
function desktopDumps(program, work, options, places) {
  const file = i => path.join(work, `desktop-${i}.json`), lines = ['wait-idle'];
  places.forEach(([, keys], i) => lines.push(...presses(keys).map(key => `key ${key}\nwait-idle`), 'wait 7000', 'wait-idle', `dump ${file(i)}`));
  fs.writeFileSync(`${work}/places.script`, lines.join('\n') + '\n');
  execFileSync(program, [...options.replace(/'/g, '').split(' '), '--size', '1366x768', '--script', `${work}/places.script`],
    { stdio: 'pipe', env: { ...process.env, INCEPTOSCOPE_CPU: 'plain' } });
  return places.map((_, i) => fs.readFileSync(file(i), 'utf8'));
}

// What a clock says differs, and so do the status line's words about it.
function comparable(dump) {
  const parsed = JSON.parse(dump);
  parsed.items = parsed.items.filter(item => !/\d m?s\b|毫秒|\d 秒/.test(item.text));
  return parsed;
}
function firstDifference(a, b) {
  for (let i = 0; i < Math.max(a.items.length, b.items.length); i++)
    if (JSON.stringify(a.items[i]) !== JSON.stringify(b.items[i])) return `${JSON.stringify(a.items[i])} and ${JSON.stringify(b.items[i])}`;
  return JSON.stringify({ ...a, items: 0 }) === JSON.stringify({ ...b, items: 0 }) ? '' : 'the window';
}

async function press(page, key) {
  const words = key.split('+');
  let last = words.pop();
  if (words.includes('Shift')) last = last.toUpperCase();
  await page.key(DOM_KEYS[last] || last, ...words);
  await page.idle();
}

// Calls told(place, difference) for each place; '' if there is none. Returns how many places there are.
async function compareDumps(browser, url, program, work, { told, left }) {
  let count = 0;
  for (const [more, places] of RUNS) {
    const options = `${SETTINGS} ${more}`.trim();
    const desktop = desktopDumps(program, work, options, places), page = await browser.page(`${url}#${options}`);
    await page.idle();
    for (let i = 0; i < places.length; i++, count++) {
      for (const key of presses(places[i][1])) await press(page, key);
      let difference = '-';
      for (let tries = 0; tries < 40 && difference !== ''; tries++, await wait(difference === '' ? 0 : 200)) // words of the status line pass
        difference = firstDifference(comparable(desktop[i]), comparable(await page.dump()));
      told(places[i][0], difference);
    }
    left(page);
    await page.close();
  }
  return count;
}

module.exports = { compareDumps };
