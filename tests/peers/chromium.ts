import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { run } from "./python.ts";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/**
 * Starts a real Chromium without a window: the one that CHROMIUM names, one that is installed, or on Debian as root
 * the distribution's, which is installed first.
 *
 * @throws Error saying how to install it where there is none.
 */
export async function startChromium(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM || (find() ?? (await install()));
  return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}

function find(): string | undefined {
  return places.find(existsSync);
}

async function install(): Promise<string> {
  const how = "install Chromium (apt-get install chromium), or set CHROMIUM to its executable";
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) throw new Error(`expected a Chromium: ${how}`);
  console.error("installing Chromium: a minute, once");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["update", "-qq"], { env });
  await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], { env });
  const installed = find();
  if (!installed) throw new Error(`expected a Chromium after apt-get install, found none: ${how}`);
  return installed;
}
