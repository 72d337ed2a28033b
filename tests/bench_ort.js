// bench_ort.js - the same forward in onnxruntime-web, for bench_web.js: its WebAssembly kernels, in the same browser, on the same weights.
'use strict';
const { execFileSync } = require('child_process'), fs = require('fs'), path = require('path');
const { Browser, serve } = require('./web_drive.js');

const PACKAGE = 'onnxruntime-web@1.30.0';
const ISOLATED = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

// The package into a folder of the build, once; of its files those that a page on the CPU needs, and the weights beside them.
function prepare(folder, program) {
  const site = path.join(folder, 'site'), dist = path.join(folder, 'node_modules/onnxruntime-web/dist');
  if (!fs.existsSync(dist)) {
    fs.mkdirSync(folder, { recursive: true });
    execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-save', '--prefix', folder, PACKAGE], { stdio: 'ignore' });
  }
  fs.mkdirSync(site, { recursive: true });
  for (const name of ['ort.wasm.min.js', 'ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm']) fs.copyFileSync(path.join(dist, name), path.join(site, name));
  execFileSync(program, ['convert', 'assets/weights/flowers.safetensors', path.join(site, 'flowers.onnx')], { stdio: 'ignore' });
  fs.writeFileSync(path.join(site, 'index.html'), '<!doctype html><script src="ort.wasm.min.js"></script>');
  return site;
}

const forward = (threads, repeat) => `(async () => {
  ort.env.wasm.numThreads = ${threads};
  const session = await ort.InferenceSession.create('flowers.onnx', { executionProviders: ['wasm'] });
  const values = Float32Array.from({ length: 3 * 224 * 224 }, (_, i) => Math.sin(i * 0.37));
  const feeds = { [session.inputNames[0]]: new ort.Tensor('float32', values, [1, 3, 224, 224]) };
  let least = Infinity;
  for (let i = 0; i <= ${repeat}; i++) { // the first one makes everything ready
    const began = performance.now();
    await session.run(feeds);
    if (i > 0) least = Math.min(least, performance.now() - began);
  }
  return least;
})()`;

// The least of `repeat` forwards, in ms, on that many threads; NULL where the package cannot be had.
async function measureOrt(folder, program, threads, repeat) {
  let site;
  try {
    site = prepare(folder, program);
  } catch (reason) {
    console.error(`onnxruntime-web: ${String(reason.message).split('\n')[0]}`);
    return null;
  }
  const server = await serve(path.resolve(site), ISOLATED), browser = new Browser(), page = await browser.page(server.url);
  await page.until('window.ort', 30);
  const least = await page.run(forward(threads, repeat));
  await browser.close();
  server.close();
  return least;
}

module.exports = { measureOrt, PACKAGE, ISOLATED };
