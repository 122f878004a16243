import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import test from "ava";

const root = join(import.meta.dirname, "..");

for (const page of ["README.md", ...globSync("docs/**/*.md", { cwd: root })]) {
  test(`every link of ${page} within the project leads somewhere`, (t) => {
    const links = [...prose(join(root, page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);
    const within = links.filter((link) => !link.startsWith("https://"));
    t.deepEqual(
      within.filter((link) => !leads(page, link)),
      [],
    );
  });
}

function leads(page: string, link: string): boolean {
  const [path, anchor] = link.split("#");
  const target = path ? resolve(root, dirname(page), path) : join(root, page);
  return existsSync(target) && (!anchor || anchors(target).has(anchor));
}

/** A page without its code. */
function prose(file: string): string {
  return readFileSync(file, "utf8").replace(/^```.*?^```/gms, "");
}

/** The anchors that a page's headings get, as GitHub makes them. */
function anchors(file: string): Set<string> {
  const headings = prose(file).match(/^#+ .+$/gm) ?? [];
  const slug = (heading: string) => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "");
  return new Set(headings.map((heading) => slug(heading.replace(/^#+ /, "")).replaceAll(" ", "-")));
}
