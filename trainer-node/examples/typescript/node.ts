// A trainer node for Rung: node node.js SERVER NAME DATA SLOTS
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import * as grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
const [server, name, data, slots] = process.argv.slice(2);
const includeDirs = [process.env.RUNG_PROTOS ?? "proto/src/main/protobuf"];
const protos = loadSync("rung/v1/trainer.proto", { includeDirs, longs: Number, enums: String, defaults: true, oneofs: true });
const { TrainerService } = (grpc.loadPackageDefinition(protos) as any).rung.v1;
const client = new TrainerService(server, grpc.credentials.createInsecure());
const sleep = (ms: number) => new Promise<void>((wake) => setTimeout(wake, ms));
const millis = (d: any) => (d ? Number(d.seconds) * 1000 + d.nanos / 1e6 : 0);
const logs = path.join(data, "attempts");
fs.mkdirSync(logs, { recursive: true });
type End = "COMPLETED" | "PAUSED" | "STOPPED" | "PREEMPTED";
/** One attempt: its log, how much of that the server has, and what it is to do. */
class Attempt {
  entries: any[] = [];
  acked = 0; // entries that the server has
  sent = 0; // entries that went over the present stream
  done = false; // the last entry was written
  fenced = false;
  number = 0; // of the newest directive
  answered = 0; // directives that said what follows at a milestone
  end?: End; // what it is to end as, at its next report
  endAfterCheckpoint?: End;
  constructor(readonly ref: any, readonly file: string, public milestone = 0) {}
  /** On disk before it is sent: a node that is killed delivers it when it is started again. */
  write(entry: any) {
    if (this.fenced || this.done) return;
    fs.appendFileSync(this.file, JSON.stringify(entry, (_, v) => (Number.isFinite(v) || typeof v !== "number" ? v : `${v}`)) + "\n");
    this.entries.push(entry);
    this.done = "ended" in entry;
    pump();
  }
}
const key = (ref: any) => `${ref.trial}#${ref.attempt}`.replace("/", "_");
const attempts = new Map<string, Attempt>();
const incarnation = Date.now();
let stream: any, welcome: any; // no stream: none that was welcomed
let connection = 0, lastContact = Date.now(), lastSent = 0, draining = false;
/** Logs of attempts that an earlier process left: they are delivered, and end as LOST. */
for (const file of fs.readdirSync(logs)) {
  const lines = fs.readFileSync(path.join(logs, file), "utf8").split("\n").slice(0, -1); // a last line without its end is torn
  if (lines.length === 0) continue;
  const left = new Attempt(JSON.parse(lines[0]), path.join(logs, file));
  left.entries = lines.slice(1).map((line) => JSON.parse(line));
  left.done = left.entries.some((e) => "ended" in e);
  attempts.set(key(left.ref), left);
  left.write({ ended: { cause: "CAUSE_LOST", message: "the node was started anew" } });
}
function send(message: any) {
  stream?.write(message);
  lastSent = Date.now();
}
/** Sends what the windows allow: no more entries of an attempt than the server has room for. */
function pump() {
  if (!stream) return;
  for (const a of attempts.values()) {
    const until = Math.min(a.entries.length, a.acked + welcome.windowEntries, a.sent + 256);
    if (a.sent < until) send({ entries: { attempt: a.ref, firstSeq: a.sent + 1, entries: a.entries.slice(a.sent, until) } });
    a.sent = Math.max(a.sent, until);
  }
}

/** Dials, again and again: with a higher connection number and what is still to be delivered. */
async function dial() {
  for (let wait = 500; ; wait = Math.min(wait * 2, 30_000)) {
    const closed = new Promise<any>((resolve) => {
      const call = client.connect();
      call.on("data", (m: any) => { if (m.m === "welcome") { stream = call; wait = 250; } hear(m[m.m], m.m); });
      call.on("error", resolve).on("end", () => resolve({ code: grpc.status.UNAVAILABLE }));
      call.write({ hello: { protocol: 1, node: name, incarnation, connection: ++connection, slots: Number(slots), kinds: ["conformance"],
        attempts: [...attempts.values()].map((a) => a.ref), pid: process.pid, software: "example 1" } });
    });
    const status = await closed;
    stream = undefined;
    if (status.code === grpc.status.ABORTED) process.exit(5); // a newer process has this name
    await sleep(wait * (0.5 + Math.random() / 2));
  }
}
function hear(m: any, kind: string) {
  lastContact = Date.now();
  ({ welcome: begin, run, ack, directive: direct, drain, drop } as any)[kind]?.(m);
}
/** On a new stream everything that was not acknowledged is sent again. */
function begin(m: any) {
  welcome = m;
  for (const a of attempts.values()) a.sent = a.acked;
  pump();
}
function ack(m: any) {
  const a = attempts.get(key(m.attempt));
  if (!a) return;
  a.acked = Math.max(a.acked, Math.min(m.ackedSeq, a.entries.length));
  a.sent = m.resend ? a.acked : Math.max(a.sent, a.acked);
  forgetIfDelivered(a);
  pump();
}
function forgetIfDelivered(a?: Attempt) {
  if (a && (a.done || a.fenced) && a.acked === a.entries.length) {
    attempts.delete(key(a.ref));
    fs.rmSync(a.file, { force: true });
  }
  if (draining && attempts.size === 0) setTimeout(() => process.exit(0), 100);
}
function direct(m: any) {
  const a = attempts.get(key(m.attempt));
  if (!a || (m.d !== "fenced" && m.number <= a.number)) return;
  a.number = m.number;
  if (m.d === "fenced") {
    a.fenced = true;
    if (!m.fenced.deliver) a.acked = a.entries.length;
    return forgetIfDelivered(a);
  }
  if (m.d === "pause" && m.pause.afterCheckpoint) return void (a.endAfterCheckpoint = "PAUSED");
  if (m.d === "continue") a.milestone = m.continue.milestone;
  a.end = a.endAfterCheckpoint = ({ pause: "PAUSED", stop: "STOPPED" } as any)[m.d];
  a.answered++;
}
function run(m: any) {
  if (attempts.has(key(m.attempt))) return; // it came before
  const busy = [...attempts.values()].filter((a) => !a.done && !a.fenced).length;
  const unknown = m.kind !== "conformance" && `no trainers of kind '${m.kind}'`;
  const reason = unknown || (draining && "the node drains") || (busy >= Number(slots) && "no slot is free");
  if (reason) return send({ refused: { attempt: m.attempt, reason } });
  const a = new Attempt(m.attempt, path.join(logs, key(m.attempt)), m.milestone);
  fs.writeFileSync(a.file, JSON.stringify(m.attempt) + "\n");
  attempts.set(key(m.attempt), a);
  send({ accepted: { attempt: m.attempt } });
  train(a, m).then(
    (end) => a.write({ ended: { cause: `CAUSE_${end}`, message: "" } }),
    (e) => a.write({ ended: { cause: e.cause ?? "CAUSE_USER_ERROR", message: String(e.stack).slice(0, 8000) } }),
  );
}
function drain() {
  draining = true;
  for (const a of attempts.values()) a.endAfterCheckpoint = "PREEMPTED";
  forgetIfDelivered();
}
/** Others may be reading them, so they stay for ten minutes; nothing outside the store is deleted. */
function drop(m: any) {
  const mine = m.places.filter((place: string) => place.startsWith(welcome.checkpoints) && !place.includes("/../"));
  for (const place of mine) setTimeout(() => fs.rmSync(fileURLToPath(place), { force: true }), 600_000).unref();
}

/** The training itself: loss = x / step, total = 1 + 2 + ... + step. */
async function train(a: Attempt, m: any): Promise<End> {
  const number = (v: any) => (v === undefined ? undefined : Number(v[v.kind]));
  const x = number(m.assignment.parameters.find((p: any) => p.name === "x").value)!;
  let total = m.resume ? Number(read(m.resume)) : 0;
  for (let step = (m.resume?.step ?? 0) + 1; step <= m.maxResource; step++) {
    await sleep(number(m.config.step_millis) ?? 0);
    if (step === number(m.config.fail_at)) throw new Error(`failed as told at step ${step}`);
    total += step;
    log(a, step);
    if (step >= a.milestone || a.endAfterCheckpoint) {
      a.write({ checkpoint: save(m.checkpointPrefix, step, String(total)) });
      a.end ??= a.endAfterCheckpoint;
    }
    const before = a.answered;
    a.write({ point: { step, metrics: { loss: step === number(m.config.nan_at) ? NaN : x / step, total } } });
    const until = Date.now() + (m.linger ? millis(m.linger) : 1000);
    const waits = step >= a.milestone && !m.goOn;
    while (waits && a.answered === before && !a.end && !a.fenced && Date.now() < until) await sleep(5);
    if (waits && a.answered === before) a.end ??= "PAUSED";
    if (a.end || a.fenced) break;
  }
  return a.end ?? "COMPLETED";
}
const digest = (content: Buffer) => createHash("sha256").update(content).digest("base64");
/** Whole or not at all: written beside its place, then renamed. */
function save(prefix: string, step: number, text: string) {
  const place = `${prefix}${step}.ckpt`;
  fs.mkdirSync(fileURLToPath(prefix), { recursive: true });
  fs.writeFileSync(fileURLToPath(place + ".new"), text, { flush: true } as any);
  fs.renameSync(fileURLToPath(place + ".new"), fileURLToPath(place));
  return { step, place, bytes: Buffer.byteLength(text), digest: digest(Buffer.from(text)) };
}
function read(checkpoint: any) {
  const content = fs.existsSync(fileURLToPath(checkpoint.place)) ? fs.readFileSync(fileURLToPath(checkpoint.place)) : Buffer.alloc(0);
  if (content.length !== checkpoint.bytes || digest(content) !== checkpoint.digest.toString("base64"))
    throw Object.assign(new Error(`expected the checkpoint ${checkpoint.place} as it was written`), { cause: "CAUSE_BAD_CHECKPOINT" });
  return content;
}
/** What a trial prints goes its own way, and may be lost. */
function log(a: Attempt, step: number) {
  client.sendLogs(() => {}).on("error", () => {}).end({ session: welcome.session, attempt: a.ref, lines: [{ number: step, text: `step ${step}` }] });
}
setInterval(() => { // signs of life, and an end where the server gives none
  if (stream && Date.now() - lastSent >= millis(welcome.heartbeat) / 2) send({ heartbeat: {} });
  if (!stream && welcome && Date.now() - lastContact > millis(welcome.keepTraining)) process.exit(75); // its logs stay
}, 50);
process.on("SIGTERM", () => { send({ draining: { deadline: { seconds: 20, nanos: 0 } } }); drain(); setTimeout(() => process.exit(0), 20_000); });
dial();
