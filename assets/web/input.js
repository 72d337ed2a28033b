// input.js - what people do with keys, mouse, fingers and input methods, told to the program in its own words (web_* in
// app/ui/shell_web.c). An empty element lies over the canvas and gets it all; a text field that nobody sees takes what is typed into
// the program's fields, so that input methods and a phone's keyboard work.
'use strict';

const NAMED_KEYS = { ArrowLeft: 'Left', ArrowRight: 'Right', ArrowUp: 'Up', ArrowDown: 'Down', ' ': 'Space', Enter: 'Enter', Escape: 'Escape',
  Backspace: 'Backspace', Delete: 'Delete', Tab: 'Tab', Home: 'Home', End: 'End', PageUp: 'PageUp', PageDown: 'PageDown' };
const TAP_PIXELS = 10, LONG_PRESS_MS = 500, WHEEL_ROW = 100, FINGER_ROW = 40, DOUBLE_MS = 400;

// The name of a key as App.key in app/ui/shell.h has it, or '' for one that is not the program's.
function keyName(e) {
  let key = NAMED_KEYS[e.key] || e.key, shift = e.shiftKey;
  if (key.length > 1 && !NAMED_KEYS[e.key] && !/^F\d+$/.test(key)) return '';
  // Alt and Ctrl change the character on some systems; then the place of the key counts.
  if ((e.altKey || e.ctrlKey || e.metaKey) && /^Key[A-Z]$/.test(e.code)) key = e.code[3];
  if (key.length === 1) {
    const lower = key.toLowerCase();
    if (lower === key.toUpperCase()) shift = false; // shift has already changed it
    key = lower;
  }
  return (e.ctrlKey || e.metaKey ? 'Ctrl+' : '') + (e.altKey ? 'Alt+' : '') + (shift ? 'Shift+' : '') + key;
}

function listenToKeys(call, field, state) {
  // With Ctrl only what the program uses; everything else stays the browser's, and so does pasting, which comes as an event.
  const ours = name => !name.startsWith('Ctrl+') || /^Ctrl\+[cfs]$/.test(name);
  addEventListener('keydown', e => {
    call('web_modifiers', e.shiftKey, e.ctrlKey || e.metaKey, e.altKey);
    if (e.isComposing || e.keyCode === 229) return;
    const name = keyName(e), typed = state.typing && e.key.length === 1 && !e.ctrlKey && !e.metaKey;
    if (name === '' || typed || !ours(name)) return;
    e.preventDefault();
    call('web_key', name);
  });
  addEventListener('keyup', e => call('web_modifiers', e.shiftKey, e.ctrlKey || e.metaKey, e.altKey));
  // The field always holds one blank, so that a phone's keyboard has something to delete.
  const reset = () => { field.value = ' '; };
  const take = () => {
    const text = field.value;
    if (text === '') call('web_key', 'Backspace');
    else if (text.replace(/^ /, '') !== '') call('web_text', text.replace(/^ /, ''));
    reset();
  };
  field.addEventListener('input', e => { if (!e.isComposing) take(); });
  field.addEventListener('compositionend', take);
  reset();
}

function listenToMouse(call, area) {
  let pressed = { time: 0, x: 0, y: 0, clicks: 0 };
  const point = e => call('web_pointer', e.clientX, e.clientY, true);
  area.addEventListener('pointermove', e => { if (e.pointerType !== 'touch') point(e); });
  area.addEventListener('pointerleave', e => { if (e.pointerType !== 'touch') call('web_pointer', e.clientX, e.clientY, false); });
  area.addEventListener('pointerdown', e => {
    if (e.pointerType === 'touch') return;
    e.preventDefault(); // keeps the focus where it is
    area.setPointerCapture(e.pointerId);
    point(e);
    const again = e.timeStamp - pressed.time < DOUBLE_MS && Math.hypot(e.clientX - pressed.x, e.clientY - pressed.y) < TAP_PIXELS;
    pressed = { time: e.timeStamp, x: e.clientX, y: e.clientY, clicks: again ? pressed.clicks % 2 + 1 : 1 };
    call('web_button', e.button, true, pressed.clicks);
  });
  area.addEventListener('pointerup', e => {
    if (e.pointerType === 'touch') return;
    point(e);
    call('web_button', e.button, false, 1);
  });
  area.addEventListener('contextmenu', e => e.preventDefault());
  area.addEventListener('wheel', e => {
    if (e.ctrlKey) return; // the browser's zoom
    e.preventDefault();
    const row = e.deltaMode === 0 ? WHEEL_ROW : e.deltaMode === 1 ? 3 : 1;
    call('web_wheel', -e.deltaX / row, -e.deltaY / row);
  }, { passive: false });
}

// One finger: a tap clicks; a drag scrolls, or holds what can be dragged; a long press shows what the mouse shows when it rests, and
// clicks nothing. Two fingers are the browser's: it enlarges the page.
function listenToTouch(call, area) {
  let touch = null;
  const done = () => { clearTimeout(touch.timer); touch = null; };
  area.addEventListener('pointerdown', e => {
    if (e.pointerType !== 'touch') return;
    if (touch) { // a second finger
      if (touch.kind === 'drag') call('web_button', 0, false, 1);
      done();
      return;
    }
    if (!e.isPrimary) return;
    call('web_pointer', e.clientX, e.clientY, true);
    touch = { id: e.pointerId, time: e.timeStamp, x: e.clientX, y: e.clientY, lastX: e.clientX, lastY: e.clientY, kind: 'tap', drags: call('web_look') };
    touch.timer = setTimeout(() => { touch.kind = 'long'; }, LONG_PRESS_MS);
  });
  area.addEventListener('pointermove', e => {
    if (!touch || e.pointerId !== touch.id) return;
    const soon = e.timeStamp - touch.time < LONG_PRESS_MS; // a busy page may hear of a drag only after the time of a long press
    if ((touch.kind === 'tap' || (touch.kind === 'long' && soon)) && Math.hypot(e.clientX - touch.x, e.clientY - touch.y) > TAP_PIXELS) {
      touch.kind = touch.drags ? 'drag' : 'scroll';
      if (touch.drags) call('web_button', 0, true, 1);
    }
    if (touch.kind === 'scroll') call('web_wheel', (e.clientX - touch.lastX) / FINGER_ROW, (e.clientY - touch.lastY) / FINGER_ROW);
    else if (touch.kind !== 'tap') call('web_pointer', e.clientX, e.clientY, true);
    touch.lastX = e.clientX;
    touch.lastY = e.clientY;
  });
  area.addEventListener('pointerup', e => {
    if (!touch || e.pointerId !== touch.id) return;
    if (touch.kind === 'tap') {
      call('web_button', 0, true, 1);
      call('web_button', 0, false, 1);
    } else if (touch.kind === 'drag') {
      call('web_button', 0, false, 1);
    }
    if (touch.kind !== 'long') call('web_pointer', e.clientX, e.clientY, false);
    done();
  });
  area.addEventListener('pointercancel', e => {
    if (!touch || e.pointerId !== touch.id) return;
    if (touch.kind === 'drag') call('web_button', 0, false, 1);
    done();
  });
}

// call(name, ...values): a web_* function. The result is what the program may ask of the page about input.
function listenToInput(call) {
  const area = document.getElementById('input'), field = document.getElementById('typing'), state = { typing: false };
  const cursors = ['default', 'pointer', 'text'];
  listenToKeys(call, field, state);
  listenToMouse(call, area);
  listenToTouch(call, area);
  return {
    pointer(shape, hidden) { area.style.cursor = hidden ? 'none' : cursors[shape]; },
    typing(on) {
      state.typing = on;
      if (on) field.focus({ preventScroll: true });
      else field.blur();
    },
  };
}
