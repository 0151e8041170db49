// Asks the validator of the makers of glTF: `npm install gltf-validator && node check.js scene.glb`. Fails on errors.
const { validateBytes } = require("gltf-validator");
const { readFileSync } = require("fs");
validateBytes(new Uint8Array(readFileSync(process.argv[2])), { maxIssues: 50 }).then(({ issues, info }) => {
  issues.messages.forEach((m) => console.log(m.severity, m.code, m.pointer, m.message));
  console.log(`${issues.numErrors} errors, ${issues.numWarnings} warnings; ${info.totalTriangleCount} triangles, ${info.materialCount} materials, ${info.animationCount} animations`);
  process.exit(issues.numErrors ? 1 : 0);
});
