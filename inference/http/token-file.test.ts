import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { logLines } from "../fixtures/log-lines.ts";
import { openTokenFile, openTokens } from "./token-file.ts";

const [one, two, three] = ["a", "b", "c"].map((letter) => letter.repeat(32)) as [string, string, string];
const anew = { msg: "bearer tokens read anew" };

async function folder(t: ExecutionContext) {
  const made = await mkdtemp(join(tmpdir(), "tokens-"));
  t.teardown(() => rm(made, { recursive: true, force: true }));
  return made;
}

async function open(t: ExecutionContext, file: string) {
  const log = logLines();
  const { tokens, close } = await openTokenFile(file, log.logger, 10);
  t.teardown(close);
  const opens = () => [one, two, three].filter((token) => tokens.has(token));
  return { ...log, opens };
}

/** In one step: a file that is being written is neither what it was nor what it is to be. */
async function replace(file: string, text: string) {
  await writeFile(`${file}.next`, text);
  await rename(`${file}.next`, file);
}

/** Turns a mounted Secret as a kubelet does: a new folder, then the symbolic link to it, in one step. */
async function mount(volume: string, revision: string, text: string) {
  await mkdir(join(volume, revision));
  await writeFile(join(volume, revision, "tokens"), text);
  await symlink(revision, join(volume, "..data_tmp"));
  await rename(join(volume, "..data_tmp"), join(volume, "..data"));
}

test("a mounted Secret that is replaced counts without a restart", async (t) => {
  const volume = await folder(t);
  await mount(volume, "..1", `${one}\n`);
  await symlink("..data/tokens", join(volume, "tokens"));
  const { opens, line } = await open(t, join(volume, "tokens"));
  t.deepEqual(opens(), [one]);
  await mount(volume, "..2", `# both, while clients change\n${one}\n${two}\n`);
  await line({ ...anew, tokens: 2 });
  t.deepEqual(opens(), [one, two]);
  await mount(volume, "..3", `${two}\n`);
  await line({ ...anew, tokens: 1 });
  t.deepEqual(opens(), [two]);
});

for (const [title, spoil] of [
  ["missing", (file: string) => rm(file)],
  ["empty", (file: string) => replace(file, "")],
  ["wrong", (file: string) => replace(file, "hunter2")],
] as const)
  test(`while the file is ${title} the last good tokens count, and the log says so once`, async (t) => {
    const file = join(await folder(t), "tokens");
    await writeFile(file, one);
    const { opens, line, lines } = await open(t, file);
    await spoil(file);
    await line({ level: 50 });
    t.deepEqual(opens(), [one]);
    await replace(file, three);
    await line(anew);
    t.deepEqual(opens(), [three]);
    const faults = lines.filter(({ level }) => level === 50);
    t.is(faults.length, 1);
    t.regex(String(faults[0]?.msg), /^AUTH_TOKENS_FILE: .*: the bearer tokens stay what they were$/);
    t.false(JSON.stringify(lines).includes("hunter2"));
  });

test("a file that can't be read at first is an error that names it", async (t) => {
  const file = join(await folder(t), "tokens");
  await t.throwsAsync(openTokens(file, logLines().logger), {
    message: `AUTH_TOKENS_FILE: ${file}: expected a file that can be read, got ENOENT`,
  });
});
