// files.js - files between the page and the program, whose own file system is in memory: what is dropped, picked or pasted goes in;
// what the program saves in its current folder becomes a download; settings and answers of lessons stay in the browser's storage.
'use strict';

const FOLDER = '/saved', HOME = '/home/web', KEPT = ['.config/inceptoscope/settings', '.local/state/inceptoscope/lessons'];
const MOST_FILES = 12; // as many as the program's list of files opened last has
const MOST_PHOTOS = 2000, PHOTO = /\.(jpe?g|jfif|jpe|png|ppm|pgm|bmp)$/i; // of a dropped folder: they are kept in memory
const CAMERA_SIDE = 320, STORE = 'inceptoscope';

// Every file of a drop, folders included, in the order of their names. A single folder of photos comes as {folder, files}: with those in it
// and in its folders, each {path, file}.
async function droppedFiles(transfer) {
  const entries = [...transfer.items].map(item => item.webkitGetAsEntry && item.webkitGetAsEntry()).filter(entry => entry);
  if (!entries.some(entry => entry.isDirectory)) return [...transfer.files];
  const found = [];
  const walk = async entry => {
    if (entry.isFile) found.push({ path: entry.fullPath, file: await new Promise((good, bad) => entry.file(good, bad)) });
    if (!entry.isDirectory) return;
    const reader = entry.createReader();
    for (let part; (part = await new Promise((good, bad) => reader.readEntries(good, bad))).length > 0;)
      for (const inner of part) await walk(inner);
  };
  for (const entry of entries) await walk(entry);
  const photos = found.filter(one => PHOTO.test(one.path));
  if (entries.length === 1 && photos.length > found.length / 2) return { folder: entries[0].fullPath, files: photos.slice(0, MOST_PHOTOS) };
  return found.map(one => one.file).sort((a, b) => a.name < b.name ? -1 : 1);
}

function put(FS, path, bytes) {
  FS.mkdirTree(path.slice(0, path.lastIndexOf('/')) || '/');
  FS.writeFile(path, bytes, { canOwn: true });
}

// A folder of photos is opened as one thing: the view of units shows what they excite; in the view that teaches its folders are classes.
async function takeFolder(program, dropped) {
  for (const one of dropped.files) put(program.FS, '/opened' + one.path, await bytesOf(one.file));
  program.ccall('web_drop', null, ['string'], ['/opened' + dropped.folder]);
}

// The whole of a file, some of it at a time: a browser hands over a large one in one piece, and shows no frame meanwhile.
async function bytesOf(file) {
  const PIECE = 4 << 20, bytes = new Uint8Array(file.size);
  for (let at = 0; at < bytes.length; at += PIECE) bytes.set(new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer()), at);
  return bytes;
}

// Whether the file has these bytes; some of them are compared at a time, and frames come between.
async function holds(FS, path, bytes) {
  const PIECE = 1 << 20, piece = new Uint8Array(PIECE);
  if (FS.stat(path).size !== bytes.length) return false;
  const file = FS.open(path, 'r');
  let at = 0, same = true;
  for (; same && at < bytes.length; at += PIECE, await frame()) {
    const count = FS.read(file, piece, 0, PIECE, at);
    for (let i = 0; same && i < count; i++) same = piece[i] === bytes[at + i];
  }
  FS.close(file);
  return same;
}

// Pictures of one name from two folders are two pictures.
async function freePath(FS, name, bytes) {
  for (let n = 1;; n++) {
    const path = n === 1 ? '/opened/' + name : `/opened/${n}/${name}`;
    if (!FS.analyzePath(path).exists || await holds(FS, path, bytes)) return path;
  }
}

// Puts the files into the program's file system and opens them, one after the other; all of them can be chosen again from the list of
// pictures.
async function takeFiles(program, files) {
  for (let i = 0, many = true; i < files.length && i < MOST_PHOTOS && (many || i < MOST_FILES); i++) {
    const bytes = await bytesOf(files[i]), path = await freePath(program.FS, files[i].name.replace(/[/\0]/g, '_'), bytes);
    put(program.FS, path, bytes);
    many = program.ccall('web_drop', 'boolean', ['string'], [path]); // the program takes any number, as pictures of a class
    if (many) continue;
    for (let wait = 0; wait < 600 && program.ccall('web_busy', 'boolean', [], []); wait++) await new Promise(done => setTimeout(done, 50));
  }
}

// What the program has saved since the last call.
function download(FS) {
  for (const name of FS.readdir(FOLDER)) {
    const path = FOLDER + '/' + name;
    if (name.startsWith('.') || name.includes('.tmp-') || !FS.isFile(FS.stat(path).mode)) continue;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([FS.readFile(path)]));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    FS.unlink(path);
  }
}

// Storage can be forbidden or full: then nothing is kept.
function readStore() {
  try { return JSON.parse(localStorage.getItem(STORE) || '{}'); } catch (reason) { return {}; }
}
function restoreHome(FS) {
  const kept = readStore();
  for (const name of KEPT) if (typeof kept[name] === 'string') put(FS, HOME + '/' + name, new TextEncoder().encode(kept[name]));
}
function keepHome(FS) {
  const kept = {};
  for (const name of KEPT)
    if (FS.analyzePath(HOME + '/' + name).exists) kept[name] = FS.readFile(HOME + '/' + name, { encoding: 'utf8' });
  try { localStorage.setItem(STORE, JSON.stringify(kept)); } catch (reason) { /* see above */ }
}

// An address of the program is copied as a link to it.
function toClipboard(text) {
  if (text.startsWith('--')) text = location.href.split('#')[0] + '#' + encodeURI(text);
  const old = () => {
    const field = document.createElement('textarea');
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand('copy');
    field.remove();
  };
  if (navigator.clipboard) navigator.clipboard.writeText(text).catch(old);
  else old();
}

// The camera's pictures, one after the other as fast as the program computes them. Each replaces the one before; the last one stays.
function startCamera(program, failed) {
  let stream = null, stopped = false, number = program.cameraNumber = (program.cameraNumber || 0) + 1;
  const path = `/opened/camera-${number}.ppm`, canvas = document.createElement('canvas'), video = document.createElement('video');
  const ink = canvas.getContext('2d', { willReadFrequently: true });
  const shot = async () => {
    const side = Math.min(video.videoWidth, video.videoHeight);
    canvas.width = canvas.height = Math.min(side, CAMERA_SIDE);
    const at = [(video.videoWidth - side) / 2, (video.videoHeight - side) / 2];
    ink.drawImage(video, ...at, side, side, 0, 0, canvas.width, canvas.height);
    // PPM: its bytes are the pixels, so nothing is packed and unpacked on the way
    const head = new TextEncoder().encode(`P6\n${canvas.width} ${canvas.height}\n255\n`), rgba = ink.getImageData(0, 0, canvas.width, canvas.height).data;
    const bytes = new Uint8Array(head.length + rgba.length / 4 * 3);
    bytes.set(head);
    for (let from = 0, to = head.length; from < rgba.length; from += 4, to += 3) bytes.set(rgba.subarray(from, from + 3), to);
    put(program.FS, path, bytes);
    program.computing = true; // until a frame says that it is not
    program.ccall('web_drop', null, ['string'], [path]);
  };
  (async () => {
    try {
      if (!navigator.mediaDevices) throw new Error('this page may not use a camera');
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
      video.srcObject = stream;
      video.muted = video.playsInline = true;
      await video.play();
      while (!stopped) {
        if (!program.computing) await shot();
        await new Promise(done => setTimeout(done, 30));
      }
    } catch (reason) {
      failed('camera: ' + (reason.message || reason));
    }
    if (stream) stream.getTracks().forEach(track => track.stop());
  })();
  return () => { stopped = true; };
}

// The result is what the program may ask of the page about files.
function listenToFiles(program) {
  const picker = document.getElementById('picker');
  let stopCamera = null, kept = '';
  const dragged = over => program.ccall('web_dragged', null, ['boolean'], [over]);
  addEventListener('dragover', e => e.preventDefault());
  addEventListener('dragenter', () => dragged(true));
  addEventListener('dragleave', e => { if (!e.relatedTarget) dragged(false); });
  addEventListener('drop', async e => {
    e.preventDefault();
    program.ccall('web_pointer', 'boolean', ['number', 'number', 'boolean'], [e.clientX, e.clientY, true]); // a drag tells nobody else
    dragged(false);
    const dropped = await droppedFiles(e.dataTransfer);
    if (dropped.folder) takeFolder(program, dropped);
    else takeFiles(program, dropped);
  });
  addEventListener('paste', e => {
    const text = e.clipboardData.getData('text/plain');
    if (e.clipboardData.files.length > 0) takeFiles(program, [...e.clipboardData.files]);
    else if (text !== '') program.ccall('web_text', null, ['string'], [text.split(/[\r\n]/)[0]]);
    e.preventDefault();
  });
  picker.addEventListener('change', () => {
    takeFiles(program, [...picker.files]);
    picker.value = '';
  });
  const leave = () => {
    program.ccall('web_leave', null, [], []);
    keepHome(program.FS);
  };
  document.addEventListener('visibilitychange', () => { if (document.hidden) leave(); });
  addEventListener('pagehide', leave);
  return {
    copy: toClipboard,
    pickFiles() { picker.click(); },
    camera(on) {
      if (stopCamera) stopCamera();
      stopCamera = on ? startCamera(program, text => program.ccall('web_trouble', null, ['string'], [text])) : null;
    },
    saved() { download(program.FS); },
  };
}
