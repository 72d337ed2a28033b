// page.js - the page around the program: loads it with its files, shows the progress, and starts it. Both forms of the page use this
// script: in the folder it fetches what it needs, in inceptoscope.html everything is in the page itself, as base64.
'use strict';

// gzip, as a stream of chunks; `loaded` is called for every chunk that comes out
async function unpacked(stream, loaded) {
  const chunks = [], reader = stream.pipeThrough(new DecompressionStream('gzip')).getReader();
  let size = 0;
  for (let next; !(next = await reader.read()).done; loaded(size)) {
    chunks.push(next.value);
    size += next.value.length;
  }
  const all = new Uint8Array(size);
  for (let at = 0, i = 0; i < chunks.length; at += chunks[i++].length) all.set(chunks[i], at);
  return all;
}

const others = () => new Promise(done => setTimeout(done)); // lets other work through
// Lets a frame through; a page that is not looked at has none.
const frame = () => new Promise(done => {
  const late = setTimeout(done, 50);
  requestAnimationFrame(() => { clearTimeout(late); setTimeout(done); });
});

// base64, some of it at a time
async function decoded(text) {
  const PIECE = 1 << 20, pieces = [];
  for (let at = 0; at < text.length; at += PIECE, await others()) {
    const piece = text.slice(at, at + PIECE);
    pieces.push(Uint8Array.fromBase64 ? Uint8Array.fromBase64(piece) : Uint8Array.from(atob(piece), c => c.charCodeAt(0)));
  }
  return new Blob(pieces);
}

// The bytes of a part, which is inside the page or beside it. In the page the parts that come later are behind its scripts.
async function open(name) {
  if (document.readyState === 'loading' && !document.getElementById(name))
    await new Promise(done => document.addEventListener('DOMContentLoaded', done));
  const inside = document.getElementById(name);
  if (!inside) {
    const answer = await fetch(name);
    if (!answer.ok) throw new Error(name + ': the server answers ' + answer.status);
    return answer.body;
  }
  const bytes = await decoded(inside.textContent);
  inside.remove();
  return bytes.stream();
}

const TURN = 1 << 20;                      // bytes between two frames

// Bytes [from, to) of the `size` bytes of two planes that begin at `at`, into `file`; `from` is even.
function joinInto(file, bytes, at, size, from, to) {
  const odd = at + ((size + 1) >> 1);
  for (let i = from >> 1; 2 * i < to; i++) file[2 * i] = bytes[at + i];
  for (let i = from >> 1; 2 * i + 1 < to; i++) file[2 * i + 1] = bytes[odd + i];
}
function joined(bytes, at, size) {
  const file = new Uint8Array(size);
  joinInto(file, bytes, at, size, 0, size);
  return file;
}

// The auxiliary heads, two fifths of the weights, which the first picture does not need. heads.bin, unpacked: a line of JSON, the header of
// the whole file, and the heads' tensors, which are its last ones, as two planes. `skip`: the header of the file without them.
async function addHeads(FS) {
  const bytes = await unpacked(await open('heads.bin'), () => {}), end = bytes.indexOf(10) + 1;
  const { path, header, skip, heads } = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)));
  await frame();
  const trunk = FS.readFile(path).subarray(skip), file = new Uint8Array(header + trunk.length + heads);
  await frame();
  file.set(bytes.subarray(end, end + header));
  file.set(trunk, header);
  const tensors = file.subarray(header + trunk.length);
  for (let from = 0; from < heads; from += TURN) {
    await frame();
    joinInto(tensors, bytes, end + header, heads, from, Math.min(from + TURN, heads));
  }
  FS.writeFile(path, file, { canOwn: true });
  return path;
}

// files.bin, unpacked: a line of JSON, [[path, bytes, planes], ...], then the files one after the other. Two planes: first every even byte of
// the file, then every odd one; see pack.
function unpackFiles(FS, bytes) {
  const end = bytes.indexOf(10);
  let at = end + 1;
  for (const [path, size, planes] of JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)))) {
    const file = planes === 2 ? joined(bytes, at, size) : bytes.slice(at, at + size);
    FS.mkdirTree(path.slice(0, path.lastIndexOf('/')) || '/');
    FS.writeFile(path, file, { canOwn: true });
    at += size;
  }
}

// The part of the address after # is a command line: #--at 3a --lang zh, or #trace googlenet, whose output is then shown as text.
function commandLine(hash) {
  return (decodeURIComponent(hash.replace(/^#/, '')).match(/'[^']*'|"[^"]*"|\S+/g) || []).map(word => word.replace(/^(['"])(.*)\1$/, '$2'));
}

// What people cannot do in a page, said in its place.
const ONLY_DESKTOP = { train: 'Training a whole network takes hours and all cores: it needs the program on a desktop (see README.md).',
  watch: 'There is no training to watch in a page: it needs the program on a desktop (see README.md).' };

// The terms of all that is inside; in the one file they are packed.
async function licences() {
  const inside = document.getElementById('licences.txt') !== null, stream = await open('licences.txt');
  return new TextDecoder().decode(inside ? await unpacked(stream, () => {}) : new Uint8Array(await new Response(stream).arrayBuffer()));
}

// Whether this page runs the program on threads: it is there (make web-threads), and the browser lets threads share memory because two
// headers came with the page. Where the server sends none, a service worker adds them, and the page is loaded once more.
async function mayHaveThreads() {
  if (!('threads' in document.documentElement.dataset)) return false;
  if (window.crossOriginIsolated) {
    try {
      return new WebAssembly.Memory({ initial: 1, maximum: 32768, shared: true }) !== null; // 2 GB of addresses, as in web.mk
    } catch (_) {
      return false;
    }
  }
  try {
    if (sessionStorage.getItem('isolated')) return false; // it has not helped
    sessionStorage.setItem('isolated', 'tried');
    await navigator.serviceWorker.register('isolate.js');
    await navigator.serviceWorker.ready;
  } catch (_) { // an insecure origin, a private window
    return false;
  }
  location.reload();
  return new Promise(() => {});
}

// The script that Emscripten has made, which is in the one file already.
function addScript(source) {
  if (window.Inceptoscope) return null;
  const script = Object.assign(document.createElement('script'), { src: source });
  return new Promise((good, bad) => {
    script.onload = good;
    script.onerror = () => bad(new Error(source + ' cannot be loaded'));
    document.head.append(script);
  });
}

function showText(text) {
  const pre = document.createElement('pre');
  document.getElementById('loading').remove();
  document.body.append(pre);
  document.body.style.overflow = 'auto';
  pre.append(text);
  return line => pre.append(line + '\n');
}

// window.inceptoscope is for tests: the program, and what its frames took.
function measure(program, threads) {
  const told = window.inceptoscope = { program, threads, frames: [], gaps: [], first: 0, whole: false };
  let last = 0;
  const tick = now => {
    if (last > 0) told.gaps.push(now - last);
    if (told.gaps.length > 20000) told.gaps.splice(0, 10000);
    last = now;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
  return told;
}

async function startInceptoscope() {
  addEventListener('hashchange', () => location.reload()); // another link to the same page
  const canvas = document.getElementById('canvas'), progress = document.getElementById('progress');
  const words = commandLine(location.hash), command = words.length > 0 && !words[0].startsWith('-');
  if (command && (ONLY_DESKTOP[words[0]] || words[0] === 'licences')) {
    showText(ONLY_DESKTOP[words[0]] || await licences());
    return;
  }
  try {
    const total = Number(document.documentElement.dataset.bytes) || 1, threads = await mayHaveThreads(), from = threads ? 'threads/' : '';
    const [wasm, files] = await Promise.all([
      open(from + 'inceptoscope.wasm.gz').then(stream => unpacked(stream, () => {})),
      open('files.bin').then(stream => unpacked(stream, size => { progress.value = size / total; })),
      addScript(from + 'inceptoscope.js'),
    ]);
    let print = console.log;
    const environment = { HOME, LANG: (navigator.language || 'en').startsWith('zh') ? 'zh_CN.UTF-8' : 'C.UTF-8' };
    const program = await Inceptoscope({ canvas, wasmBinary: wasm, print: line => print(line), printErr: line => print(line),
      preRun: [module => Object.assign(module.ENV, environment)] });
    unpackFiles(program.FS, files);
    for (const folder of [HOME, FOLDER]) program.FS.mkdirTree(folder);
    program.FS.chdir(FOLDER);
    restoreHome(program.FS);
    if (command) {
      print = showText('');
      await addHeads(program.FS);
      program.callMain(words);
      return;
    }
    const told = measure(program, threads), call = (name, ...values) => {
      const types = values.map(value => typeof value);
      return program.ccall(name, 'boolean', types, values);
    };
    const files_ = listenToFiles(program);
    program.page = {
      ...listenToInput(call), ...otherGlyphs(), ...files_,
      fullscreen(on) {
        if (on) document.documentElement.requestFullscreen().catch(() => call('web_left_fullscreen'));
        else if (document.fullscreenElement) document.exitFullscreen();
      },
      framed(build, paint, busy) {
        if (told.first === 0) {
          told.first = performance.now();
          addHeads(program.FS).then(path => call('web_whole', path), reason => call('web_trouble', 'auxiliary heads: ' + (reason.message || reason)))
            .finally(() => { told.whole = true; });
        }
        told.frames.push([build, paint]);
        if (told.frames.length > 20000) told.frames.splice(0, 10000);
        files_.saved();
        program.computing = busy;
      },
    };
    document.addEventListener('fullscreenchange', () => { if (!document.fullscreenElement) call('web_left_fullscreen'); });
    document.getElementById('loading').remove();
    canvas.style.display = 'block';
    program.callMain([...words, '--size', Math.max(320, innerWidth) + 'x' + Math.max(200, innerHeight)]);
  } catch (reason) {
    if (reason !== 'unwind' && reason.name !== 'ExitStatus') {
      const loading = document.getElementById('loading');
      if (loading) loading.textContent = 'Inceptoscope cannot start: ' + (reason.message || reason);
      else throw reason;
    }
  }
}

startInceptoscope();
