// `kling-api` with tokens of a pair of keys, and every callback verified by `standardwebhooks`.
import assert from 'node:assert/strict';
import http from 'node:http';
import fs from 'node:fs';
import { KlingAPI, KlingAPIError } from 'kling-api';
import { Webhook } from 'standardwebhooks';

const saved = process.argv[2];
fs.mkdirSync(saved, { recursive: true });
const heard = [];
const hook = new Webhook(process.env.KINORA_HOOK);
const listener = http.createServer((request, response) => {
  const pieces = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', () => {
    try {
      heard.push(hook.verify(Buffer.concat(pieces).toString(), request.headers));
      response.writeHead(204).end();
    } catch (error) {
      console.error('a callback cannot be verified', error);
      process.exit(1);
    }
  });
}).listen(0, '127.0.0.1');
await new Promise((ready) => listener.on('listening', ready));
const callback_url = `http://127.0.0.1:${listener.address().port}/hook`;

const options = { baseUrl: process.env.KINORA_BASE, accessKey: process.env.KLING_ACCESS_KEY, secretKey: process.env.KLING_SECRET_KEY };
const api = new KlingAPI(options);
const wait = { interval: 1000, showSpinner: false };

const before = await api.getAccountInfo(0, Date.now());
assert.equal(before.code, 0);
const quantity = (info) => info.data.resource_pack_subscribe_infos[0].remaining_quantity;

const task = await api.textToVideo({ prompt: 'A red fox walks through a forest', model_name: 'kling-v1', duration: '5', mode: 'std', external_task_id: 'fox-1', callback_url });
assert.equal(task.code, 0, JSON.stringify(task));
const result = await api.waitForVideoResult(task.data.task_id, (id) => api.queryTextToVideoTask(id), wait);
assert.equal(result.data.task_status, 'succeed');
assert.equal(result.data.task_result.videos[0].duration, '5');
const url = result.data.task_result.videos[0].url;
const film = Buffer.from(await (await fetch(url)).arrayBuffer());
assert.equal(film.subarray(4, 8).toString(), 'ftyp', 'the link gives the film');
fs.writeFileSync(`${saved}/fox.mp4`, film);
assert.equal(result.data.final_unit_deduction, '1', 'a film of 10 credits is one unit');

const pictures = await api.generateImage({ prompt: 'A red fox in a forest', model_name: 'kling-v2-1', n: 2, aspect_ratio: '1:1', callback_url });
const drawn = await api.waitForImageResult(pictures.data.task_id, (id) => api.queryImageGenTask(id), wait);
assert.equal(drawn.data.task_result.images.length, 2);

const longer = await api.extendVideo({ video_id: result.data.task_result.videos[0].id, prompt: 'The fox sits down' });
assert.equal(longer.code, 0, JSON.stringify(longer));

const refused = async (call, code) => {
  const error = await call.then(() => assert.fail('it is taken'), (e) => e);
  assert.ok(error instanceof KlingAPIError, String(error));
  assert.equal(error.code, code, error.message);
};
await refused(api.textToVideo({ prompt: 'A fox', external_task_id: 'fox-1' }), 1201);
await refused(api.queryTextToVideoTask('123'), 1203);
await refused(new KlingAPI({ ...options, secretKey: 'another' }).textToVideo({ prompt: 'A fox' }), 1002);

const after = await api.getAccountInfo(0, Date.now());
// One unit for the film, 0.2 for two pictures; the extension still holds or has spent another unit.
assert.ok(Math.abs(quantity(before) - quantity(after) - 2.2) < 1e-9, `${quantity(before)} -> ${quantity(after)}`);
for (let k = 0; k < 100 && heard.length < 6; k++) await new Promise((done) => setTimeout(done, 100));
const told = (id) => heard.filter((body) => body.task_id === id).map((body) => body.task_status);
assert.deepEqual(told(task.data.task_id), ['submitted', 'processing', 'succeed']);
assert.deepEqual(told(pictures.data.task_id), ['submitted', 'processing', 'succeed']);
listener.close();
console.log(`film: ${film.length} bytes, ${heard.length} callbacks verified`);
process.exit(0);
