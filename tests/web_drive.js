// web_drive.js - drives the page in headless Chromium for tests/web_page.js: the DevTools protocol over a pipe, which needs nothing but
// node and the system's Chromium.
'use strict';
const { spawn } = require('child_process'), fs = require('fs'), http = require('http'), os = require('os'), path = require('path');

const CODES = { ArrowLeft: 37, ArrowUp: 38, ArrowRight: 39, ArrowDown: 40, Enter: 13, Escape: 27, Backspace: 8, Tab: 9, Home: 36, End: 35,
  PageUp: 33, PageDown: 34, ' ': 32, Delete: 46 };
const wait = ms => new Promise(done => setTimeout(done, ms));

// A server of files, as any static host is one. headers: more of them.
function serve(folder, headers = {}) {
  const types = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm', '.txt': 'text/plain' };
  const server = http.createServer((request, answer) => {
    const file = path.join(folder, decodeURIComponent(request.url.split('?')[0]).replace(/\/$/, '/index.html'));
    if (!file.startsWith(folder) || !fs.existsSync(file)) return answer.writeHead(404).end();
    answer.writeHead(200, { 'Content-Type': types[path.extname(file)] || 'application/octet-stream', ...headers });
    fs.createReadStream(file).pipe(answer);
  });
  return new Promise(done => server.listen(0, '127.0.0.1', () => done({ url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() })));
}

class Browser {
  // flags: of Chromium, beside those that a test on a machine without a display needs
  constructor(flags = []) {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'inceptoscope-browser-'));
    this.process = spawn(process.env.CHROMIUM || 'chromium', ['--headless=new', '--no-sandbox', '--disable-dev-shm-usage', '--no-first-run', '--disable-extensions',
      '--disable-background-networking', '--disable-component-update', '--disable-sync', '--mute-audio', `--user-data-dir=${this.folder}`, '--remote-debugging-pipe', ...flags],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
    this.waiting = new Map();
    this.listeners = [];
    this.last = 0;
    let rest = Buffer.alloc(0);
    this.process.stdio[4].on('data', data => {
      rest = Buffer.concat([rest, data]);
      for (let end; (end = rest.indexOf(0)) >= 0; rest = rest.subarray(end + 1)) this.take(JSON.parse(rest.subarray(0, end).toString()));
    });
  }
  take(message) {
    const call = this.waiting.get(message.id);
    if (!call) return this.listeners.forEach(listen => listen(message));
    this.waiting.delete(message.id);
    if (message.error) call.bad(new Error(`${call.method}: ${message.error.message}`));
    else call.good(message.result);
  }
  send(method, params = {}, sessionId) {
    return new Promise((good, bad) => {
      this.waiting.set(++this.last, { good, bad, method });
      this.process.stdio[3].write(JSON.stringify({ id: this.last, method, params, sessionId }) + '\0');
    });
  }
  async page(url, options) {
    const page = new Page(this);
    await page.open(url, options);
    return page;
  }
  async close() {
    await Promise.race([this.send('Browser.close').catch(() => {}), wait(3000)]);
    await Promise.race([new Promise(done => this.process.exitCode === null ? this.process.on('exit', done) : done()), wait(5000)]);
    if (this.process.exitCode === null) this.process.kill('SIGKILL');
    fs.rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

// The most that the page's thread, which is the one with the most frames, computes between two frames of a trace; ms.
function longest(events) {
  const thread = event => `${event.pid} ${event.tid}`, frames = new Map();
  for (const event of events) if (event.name === 'FireAnimationFrame') frames.set(thread(event), [...(frames.get(thread(event)) || []), event.ts]);
  const [name, starts] = [...frames].sort((a, b) => b[1].length - a[1].length)[0] || ['', []];
  const tasks = events.filter(event => event.ph === 'X' && thread(event) === name && /RunTask/.test(event.name)).sort((a, b) => a.ts - b.ts);
  starts.sort((a, b) => a - b);
  let most = 0;
  for (let i = 1, t = 0; i < starts.length; i++) {
    let sum = 0;
    for (; t < tasks.length && tasks[t].ts < starts[i]; t++) if (tasks[t].ts >= starts[i - 1]) sum += tasks[t].tdur || 0;
    most = Math.max(most, sum);
  }
  return most / 1000;
}

class Page {
  constructor(browser) {
    this.browser = browser;
    this.errors = [];
    this.requests = [];
    this.lines = [];
  }
  // width, height in CSS pixels; density; phone: touch, and a mobile viewport; downloads: a folder; mbits: the network's speed per second
  async open(url, { width = 1366, height = 768, density = 1, phone = false, downloads, mbits } = {}) {
    const { targetId } = await this.browser.send('Target.createTarget', { url: 'about:blank' });
    this.id = (await this.browser.send('Target.attachToTarget', { targetId, flatten: true })).sessionId;
    this.target = targetId;
    this.browser.listeners.push(message => {
      if (message.sessionId !== this.id) return;
      const { method, params } = message;
      if (method === 'Runtime.exceptionThrown') this.errors.push(params.exceptionDetails.exception?.description || params.exceptionDetails.text);
      if (method === 'Runtime.consoleAPICalled') this.lines.push(params.args.map(a => a.value).join(' '));
      if (method === 'Log.entryAdded' && params.entry.level === 'error') this.errors.push(params.entry.text + ' ' + (params.entry.url || ''));
      if (method === 'Network.requestWillBeSent') this.requests.push(params.request.url);
    });
    for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await this.send(domain + '.enable');
    await this.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: density, mobile: phone });
    if (phone) await this.send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 2 });
    if (downloads) await this.browser.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: downloads });
    if (mbits) await this.send('Network.emulateNetworkConditions', { offline: false, latency: 20, downloadThroughput: mbits * 1e6 / 8, uploadThroughput: mbits * 1e6 / 8 });
    this.started = Date.now();
    await this.send('Page.navigate', { url });
  }
  send(method, params) { return this.browser.send(method, params, this.id); }
  async run(code) {
    const answer = await this.send('Runtime.evaluate', { expression: code, returnByValue: true, awaitPromise: true, userGesture: true });
    if (answer.exceptionDetails) throw new Error(code.slice(0, 80) + ': ' + (answer.exceptionDetails.exception?.description || answer.exceptionDetails.text));
    return answer.result.value;
  }
  // Waits until the code gives something true.
  async until(code, seconds = 30) {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const value = await this.run(code).catch(reason => { if (Date.now() > end) throw reason; });
      if (value) return value;
      if (Date.now() > end) throw new Error(`not within ${seconds} s: ${code.slice(0, 120)}${this.errors.length ? '; ' + this.errors[0].slice(0, 300) : ''}`);
      await wait(30);
    }
  }
  started_() { return this.until('window.inceptoscope && inceptoscope.first > 0', 60); }
  call(name, type, ...values) { return this.run(`inceptoscope.program.ccall('${name}', '${type}', ${JSON.stringify(values.map(v => typeof v))}, ${JSON.stringify(values)})`); }
  // Computed and still.
  async idle(seconds = 120) {
    await this.started_();
    await this.until('inceptoscope.whole', seconds); // all weights are there
    await this.until("!inceptoscope.program.ccall('web_busy', 'boolean', [], [])", seconds);
  }
  shows(text) { return this.call('web_shows', 'boolean', text); }
  // text: a character or the DOM's name of a key; with: Control, Shift, Alt
  async key(key, ...held) {
    const modifiers = (held.includes('Alt') ? 1 : 0) | (held.includes('Control') ? 2 : 0) | (held.includes('Shift') ? 8 : 0);
    const code = /^[a-z]$/i.test(key) ? 'Key' + key.toUpperCase() : /^\d$/.test(key) ? 'Digit' + key : key === ' ' ? 'Space' : key;
    const event = { key, code, modifiers, windowsVirtualKeyCode: CODES[key] || key.toUpperCase().charCodeAt(0) };
    const text = key.length === 1 && !held.includes('Control') && !held.includes('Alt') ? key : undefined;
    await this.send('Input.dispatchKeyEvent', { type: text ? 'keyDown' : 'rawKeyDown', text, ...event });
    await this.send('Input.dispatchKeyEvent', { type: 'keyUp', ...event });
  }
  async type(text) { for (const c of text) await this.key(c); }
  async mouse(type, x, y, more = {}) { await this.send('Input.dispatchMouseEvent', { type, x, y, ...more }); }
  async click(x, y, button = 'left') {
    await this.mouse('mouseMoved', x, y);
    await this.mouse('mousePressed', x, y, { button, clickCount: 1 });
    await this.mouse('mouseReleased', x, y, { button, clickCount: 1 });
  }
  async touch(type, ...points) { await this.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) }); }
  async tap(x, y) {
    await this.touch('touchStart', [x, y]);
    await this.touch('touchEnd');
  }
  // What is on the screen, as --dump writes it.
  async dump() {
    await this.call('web_dump', 'boolean', '/dump.json');
    return this.run("inceptoscope.program.FS.readFile('/dump.json', { encoding: 'utf8' })");
  }
  // The middle of the first item whose text is this, in the page's pixels.
  async place(text, role) {
    const dump = JSON.parse(await this.dump()), item = dump.items.find(i => i.text === text && (!role || i.role === role));
    if (!item) throw new Error(`'${text}' is not on the screen`);
    const scale = dump.scale / await this.run('devicePixelRatio');
    return [(item.rect[0] + item.rect[2] / 2) * scale, (item.rect[1] + item.rect[3] / 2) * scale];
  }
  async screenshot(file) {
    const { data } = await this.send('Page.captureScreenshot', { format: 'png' });
    fs.writeFileSync(file, Buffer.from(data, 'base64'));
  }
  // A real drop of files: what the browser makes of files dragged in from outside.
  async drop(...files) {
    const data = { items: [], files, dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop']) await this.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data });
  }
  // What `work` does to the browser's frames: { gap, computing }, in ms. gap: the longest wait between two of them. computing: the most
  // that the page's thread computes between two of them, by its own clock, which other programs on the machine do not change.
  async waits(work) {
    const events = [];
    let complete;
    const listen = message => {
      if (message.method === 'Tracing.dataCollected') events.push(...message.params.value);
      if (message.method === 'Tracing.tracingComplete') complete();
    };
    this.browser.listeners.push(listen);
    await this.browser.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { recordMode: 'recordContinuously', traceBufferSizeInKb: 400000, includedCategories: ['toplevel', 'devtools.timeline'] } });
    await this.run('inceptoscope.gaps.length = 0');
    await work();
    await wait(100);
    const gap = await this.run('Math.max(0, ...inceptoscope.gaps)');
    const ended = new Promise(done => { complete = done; });
    await this.browser.send('Tracing.end');
    await ended;
    this.browser.listeners.splice(this.browser.listeners.indexOf(listen), 1);
    return { gap, computing: longest(events) };
  }
  close() { return this.browser.send('Target.closeTarget', { targetId: this.target }); }
}

module.exports = { Browser, Page, serve, wait };
