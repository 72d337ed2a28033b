// web_firefox.js - drives the page in headless Firefox, as web_drive.js does in Chromium: WebDriver BiDi over a WebSocket, which needs
// nothing but node and the system's Firefox. Debian 12's node has no WebSocket, so the little that is needed of one is here.
'use strict';
const { spawn } = require('child_process'), crypto = require('crypto'), fs = require('fs'), http = require('http'), os = require('os'), path = require('path');
const { Page, wait } = require('./web_drive.js');

const FIREFOX = process.env.FIREFOX || 'firefox-esr';
// WebDriver's characters for keys that have none.
const CHARACTERS = { ArrowLeft: '\uE012', ArrowUp: '\uE013', ArrowRight: '\uE014', ArrowDown: '\uE015', Enter: '\uE007', Escape: '\uE00C', Backspace: '\uE003',
  Tab: '\uE004', Home: '\uE011', End: '\uE010', PageUp: '\uE00E', PageDown: '\uE00F', Delete: '\uE017', Control: '\uE009', Shift: '\uE008', Alt: '\uE00A' };

// RFC 6455, a client's side: text frames. listen(text) is called for each message that comes.
function webSocket(port, place, listen) {
  return new Promise((good, bad) => {
    const request = http.request({ port, host: '127.0.0.1', path: place, headers: { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': 13,
      'Sec-WebSocket-Key': crypto.randomBytes(16).toString('base64') } });
    request.on('error', bad);
    request.on('response', answer => bad(new Error(`Firefox answers ${answer.statusCode}`)));
    request.on('upgrade', (answer, socket, first) => {
      let rest = first, text = '';
      const take = data => {
        rest = Buffer.concat([rest, data]);
        while (rest.length >= 2) {
          const short = rest[1] & 127, from = short === 127 ? 10 : short === 126 ? 4 : 2;
          if (rest.length < from) return;
          const size = short === 127 ? Number(rest.readBigUInt64BE(2)) : short === 126 ? rest.readUInt16BE(2) : short;
          if (rest.length < from + size) return;
          if ((rest[0] & 15) <= 1) text += rest.subarray(from, from + size).toString('latin1');
          if ((rest[0] & 15) <= 1 && rest[0] & 128) {
            listen(Buffer.from(text, 'latin1').toString());
            text = '';
          }
          rest = rest.subarray(from + size);
        }
      };
      socket.on('data', take);
      socket.on('error', () => {}); // it closes with the browser
      take(Buffer.alloc(0));
      good(message => {
        const body = Buffer.from(message), head = body.length < 126 ? Buffer.from([0x81, 0x80 | body.length]) : Buffer.from([0x81, 0xfe, body.length >> 8, body.length & 255]);
        if (body.length > 0xffff) throw new Error('a message of more than 64 kB');
        const mask = crypto.randomBytes(4);
        socket.write(Buffer.concat([head, mask, body.map((byte, i) => byte ^ mask[i % 4])]));
      });
    });
    request.end();
  });
}

class Firefox {
  constructor() {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'inceptoscope-firefox-'));
    // Nothing of its own from the network, and no first-run pages.
    const preferences = { 'browser.shell.checkDefaultBrowser': false, 'datareporting.policy.dataSubmissionEnabled': false, 'app.update.enabled': false,
      'network.captive-portal-service.enabled': false, 'network.connectivity-service.enabled': false, 'services.settings.server': 'data:,none',
      'browser.aboutwelcome.enabled': false, 'webgl.force-enabled': true };
    fs.writeFileSync(path.join(this.folder, 'user.js'), Object.entries(preferences).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`).join(''));
    this.process = spawn(FIREFOX, ['--headless', '--no-remote', '--profile', this.folder, '--remote-debugging-port=0', 'about:blank'],
      { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, HOME: this.folder } });
    this.waiting = new Map();
    this.listeners = [];
    this.last = 0;
    this.ready = this.connect();
    this.ready.catch(() => {}); // said by the first call
  }
  async connect() {
    const port = await new Promise((good, bad) => {
      let said = '';
      const late = setTimeout(() => bad(new Error(`Firefox does not listen: ${said.slice(-300)}`)), 60000);
      this.process.on('error', bad);
      this.process.on('exit', code => bad(new Error(`Firefox ended with ${code}: ${said.slice(-300)}`)));
      this.process.stderr.on('data', data => {
        said += data;
        const found = said.match(/WebDriver BiDi listening on ws:\/\/127\.0\.0\.1:(\d+)/);
        if (found) { clearTimeout(late); good(Number(found[1])); }
      });
    });
    this.write = await webSocket(port, '/session', text => this.take(JSON.parse(text)));
    await this.call('session.new', { capabilities: {} });
    await this.call('session.subscribe', { events: ['log.entryAdded', 'network.beforeRequestSent'] });
  }
  take(message) {
    const call = this.waiting.get(message.id);
    if (!call) return this.listeners.forEach(listen => listen(message));
    this.waiting.delete(message.id);
    if (message.type === 'error') call.bad(new Error(`${call.method}: ${message.message}`));
    else call.good(message.result);
  }
  call(method, params) {
    return new Promise((good, bad) => {
      this.waiting.set(++this.last, { good, bad, method });
      this.write(JSON.stringify({ id: this.last, method, params }));
    });
  }
  async send(method, params) {
    await this.ready;
    return this.call(method, params);
  }
  async page(url, options) {
    const page = new FirefoxPage(this);
    await page.open(url, options);
    return page;
  }
  async close() {
    await Promise.race([this.send('browser.close', {}).catch(() => {}), wait(3000)]);
    await Promise.race([new Promise(done => this.process.exitCode === null ? this.process.on('exit', done) : done()), wait(5000)]);
    if (this.process.exitCode === null) this.process.kill('SIGKILL');
    fs.rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

class FirefoxPage extends Page {
  async open(url, { width = 1366, height = 768 } = {}) {
    this.context = (await this.browser.send('browsingContext.create', { type: 'tab' })).context;
    this.browser.listeners.push(({ method, params }) => {
      if (method === 'log.entryAdded' && params.source.context === this.context) (params.level === 'error' ? this.errors : this.lines).push(params.text || '');
      if (method === 'network.beforeRequestSent' && params.context === this.context) this.requests.push(params.request.url);
    });
    await this.browser.send('browsingContext.setViewport', { context: this.context, viewport: { width, height } });
    await this.browser.send('browsingContext.navigate', { context: this.context, url, wait: 'none' });
  }
  async run(code) {
    const answer = await this.browser.send('script.evaluate', { expression: `(async () => JSON.stringify(await (${code})))()`, target: { context: this.context }, awaitPromise: true });
    if (answer.type === 'exception') throw new Error(code.slice(0, 80) + ': ' + answer.exceptionDetails.text);
    return answer.result.value === undefined ? undefined : JSON.parse(answer.result.value);
  }
  async key(key, ...held) {
    const press = (type, name) => ({ type, value: CHARACTERS[name] || name });
    const actions = [...held.map(name => press('keyDown', name)), press('keyDown', key), press('keyUp', key), ...held.map(name => press('keyUp', name)).reverse()];
    await this.browser.send('input.performActions', { context: this.context, actions: [{ type: 'key', id: 'keys', actions }] });
  }
  async screenshot(file) {
    const { data } = await this.browser.send('browsingContext.captureScreenshot', { context: this.context });
    fs.writeFileSync(file, Buffer.from(data, 'base64'));
  }
  close() { return this.browser.send('browsingContext.close', { context: this.context }); }
}

module.exports = { Firefox, FIREFOX };
