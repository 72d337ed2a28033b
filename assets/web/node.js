// The program in node (build/web/inceptoscope): what a process has and Emscripten does not pass on by itself. Put before its own code.
Module['preRun'] = function () {
    Object.assign(ENV, process.env);
    // app/cli/base_web.c asks for it: where SDL knows no folder.
    ENV['INCEPTOSCOPE_FOLDER'] = require('path').dirname(require('fs').realpathSync(process.argv[1])) + '/';
};
