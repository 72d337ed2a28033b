// glyphs.js - draws text of characters that the program's own fonts lack, by the browser, which has the system's fonts: names of files and
// classes in other scripts, emoji. See app/ui/other_glyphs.h.
'use strict';

// The result is what the program may ask of the page about such text.
function otherGlyphs() {
  const canvas = document.createElement('canvas'), ink = canvas.getContext('2d', { willReadFrequently: true });
  let last = { text: '', font: '' };
  return {
    // [width, rows above the baseline, rows below it]
    textBox(text, pixels, bold, mono) {
      last = { text, font: `${bold ? 'bold ' : ''}${pixels}px ${mono ? 'monospace' : 'sans-serif'}` };
      ink.font = last.font;
      const size = ink.measureText(text);
      return [Math.ceil(size.width), Math.ceil(size.actualBoundingBoxAscent) + 1, Math.max(0, Math.ceil(size.actualBoundingBoxDescent) + 1)];
    },
    // The bytes of the text asked for last: R, G, B, A
    textDraw(width, up, down, rgb) {
      canvas.width = width;
      canvas.height = up + down;
      ink.font = last.font; // a canvas with a new size has forgotten it
      ink.fillStyle = '#' + rgb.toString(16).padStart(6, '0');
      ink.fillText(last.text, 0, up);
      return ink.getImageData(0, 0, width, up + down).data;
    },
  };
}
