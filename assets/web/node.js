// The program in node (build/web/inceptoscope): passes on parts of the process that Emscripten does not. It is put before Emscripten's code.
Module['preRun'] = function () {
    Object.assign(ENV, process.env);
    // app/cli/base_web.c asks for it: where SDL knows no folder.
    ENV['INCEPTOSCOPE_FOLDER'] = require('path').dirname(require('fs').realpathSync(process.argv[1])) + '/';
};
