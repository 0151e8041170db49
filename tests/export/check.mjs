// Asks the validator of the makers of glTF. Fails on errors.
import { readFileSync } from 'node:fs';
import validator from 'gltf-validator';

const { issues, info } = await validator.validateBytes(new Uint8Array(readFileSync(process.argv[2])), { maxIssues: 50 });
issues.messages.forEach((m) => console.log(m.severity, m.code, m.pointer, m.message));
console.log(`${issues.numErrors} errors, ${issues.numWarnings} warnings; ${info.totalTriangleCount} triangles, ${info.materialCount} materials, ${info.animationCount} animations`);
process.exit(issues.numErrors ? 1 : 0);
