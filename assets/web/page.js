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

// The bytes of a part, which is inside the page or beside it.
async function open(name) {
  const inside = document.getElementById(name);
  if (!inside) {
    const answer = await fetch(name);
    if (!answer.ok) throw new Error(name + ': the server answers ' + answer.status);
    return answer.body;
  }
  const text = inside.textContent;
  const bytes = Uint8Array.fromBase64 ? Uint8Array.fromBase64(text) : Uint8Array.from(atob(text), c => c.charCodeAt(0));
  inside.remove();
  return new Blob([bytes]).stream();
}

// files.bin, unpacked: a line of JSON, [[path, bytes, planes], ...], then the files one after the other. Two planes: first every even byte of
// the file, then every odd one; see pack.
function unpackFiles(FS, bytes) {
  const end = bytes.indexOf(10);
  let at = end + 1;
  for (const [path, size, planes] of JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)))) {
    let file = bytes.slice(at, at + size);
    if (planes === 2) {
      const odd = at + ((size + 1) >> 1);
      for (let i = 0; 2 * i < size; i++) file[2 * i] = bytes[at + i];
      for (let i = 0; 2 * i + 1 < size; i++) file[2 * i + 1] = bytes[odd + i];
    }
    FS.mkdirTree(path.slice(0, path.lastIndexOf('/')) || '/');
    FS.writeFile(path, file, { canOwn: true });
    at += size;
  }
}

// The part of the address after # is a command line: #--at 3a --lang zh, or #trace googlenet, whose output is then shown as text.
function commandLine(hash) {
  return (decodeURIComponent(hash.replace(/^#/, '')).match(/'[^']*'|"[^"]*"|\S+/g) || []).map(word => word.replace(/^(['"])(.*)\1$/, '$2'));
}

async function startInceptoscope() {
  const canvas = document.getElementById('canvas'), loading = document.getElementById('loading'), progress = document.getElementById('progress');
  const words = commandLine(location.hash), command = words.length > 0 && !words[0].startsWith('-');
  const text = document.createElement('pre'), print = command ? line => text.append(line + '\n') : console.log;
  try {
    const total = Number(document.documentElement.dataset.bytes) || 1;
    const [wasm, files] = await Promise.all([
      open('inceptoscope.wasm.gz').then(stream => unpacked(stream, () => {})),
      open('files.bin').then(stream => unpacked(stream, size => { progress.value = size / total; })),
    ]);
    const program = await Inceptoscope({ canvas, wasmBinary: wasm, print, printErr: print });
    unpackFiles(program.FS, files);
    program.FS.mkdirTree('/home/web');
    program.ENV.HOME = '/home/web';
    loading.remove();
    if (command)
      document.body.append(text);
    else
      canvas.style.display = 'block';
    const scale = window.devicePixelRatio || 1;
    const size = command ? [] : ['--size', Math.floor(innerWidth * scale) + 'x' + Math.floor(innerHeight * scale)];
    program.callMain([...words, ...size]);
  } catch (reason) {
    if (reason !== 'unwind' && reason.name !== 'ExitStatus')
      loading.textContent = 'Inceptoscope cannot start: ' + (reason.message || reason);
  }
}

startInceptoscope();
