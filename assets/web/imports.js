// imports.js - the functions that app/ui/shell_web.c declares and the page's scripts carry out (Module.page, made in page.js),
// and three of Emscripten's that do not fit.
mergeInto(LibraryManager.library, {
  page_exists: function () { return Module.page ? 1 : 0; },
  page_fullscreen: function (on) { return Module.page.fullscreen(on); },
  page_pointer: function (shape, hidden) { return Module.page.pointer(shape, hidden); },
  page_typing: function (on) { return Module.page.typing(on); },
  page_copy: function (text) { return Module.page.copy(UTF8ToString(text)); },
  page_pick_files: function () { return Module.page.pickFiles(); },
  page_camera: function (on) { return Module.page.camera(on); },
  page_text_box: function (text, pixels, bold, mono, out) { HEAP32.set(Module.page.textBox(UTF8ToString(text), pixels, bold, mono), out >> 2); },
  page_text_draw: function (rgba, width, up, down, rgb) { HEAPU8.set(Module.page.textDraw(width, up, down, rgb), rgba); },
  page_framed: function (build, paint, busy) { return Module.page.framed(build, paint, busy); },
  // Of the program on threads: more bring little for one picture, and each of a network's threads is a worker of the page.
  emscripten_num_logical_cores: function () { return Math.min(4, navigator.hardwareConcurrency || 1); },
  // It warns of every wait for a thread, in the middle of what a command prints; the program waits only for threads that are ready.
  emscripten_check_blocking_allowed: function () {},
  // Files are in memory, or node's. With Asyncify, Emscripten's own looks for a file system that node's files do not have.
  fd_sync: function (fd) { return 0; },
});
