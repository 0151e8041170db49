// The OpenAI SDK for Node: create and poll, content, list, delete, errors.
import assert from 'node:assert/strict';
import OpenAI from 'openai';

const client = new OpenAI({ baseURL: process.env.KINORA_BASE + '/v1' });
const wish = { model: 'kinora', prompt: 'A red fox walks through a forest', seconds: '1', width: 96, height: 64, generate_sound: false };
let video = await client.videos.create(wish);
assert.equal(video.object, 'video');
while (video.status === 'queued' || video.status === 'in_progress') {
  await new Promise((done) => setTimeout(done, 300));
  video = await client.videos.retrieve(video.id);
}
assert.equal(video.status, 'completed', JSON.stringify(video));
const film = Buffer.from(await (await client.videos.downloadContent(video.id)).arrayBuffer());
assert.equal(film.subarray(4, 8).toString(), 'ftyp');
const ids = [];
for await (const one of client.videos.list()) ids.push(one.id);
assert.ok(ids.includes(video.id), 'it is listed');
assert.equal((await client.videos.delete(video.id)).deleted, true);
await assert.rejects(client.videos.retrieve(video.id), OpenAI.NotFoundError);
await assert.rejects(client.videos.create({ ...wish, seconds: '1000' }), OpenAI.BadRequestError);
console.log(`film: ${film.length} bytes`);
