// The program in node (build/web/inceptoscope): passes on parts of the process that Emscripten does not. It is put before Emscripten's code.
// The program is in a file beside this script. Emscripten would fetch it, and node's own fetch takes no file.
Module['wasmBinary'] = require('fs').readFileSync(__filename + '.wasm');
Module['preRun'] = function () {
    Object.assign(ENV, process.env);
    // app/cli/base_web.c asks for it: where SDL knows no folder.
    ENV['INCEPTOSCOPE_FOLDER'] = require('path').dirname(__filename) + '/';
};
