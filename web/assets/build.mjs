// Builds the style sheet and the scripts into ../static: each file's name
// carries a hash of its content, and manifest.json leads from the plain name
// to that. Run with "npm run build".
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { extname, basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { compile } from "sass";

const here = import.meta.dirname;
const target = join(here, "..", "static");

// Older browsers of a managed desktop; @supports covers what is newer.
const browsers = ["chrome109", "edge109", "firefox115", "safari16"];

// Compressed sizes that a page on a slow phone can bear.
const limits = { "app.css": 20_000, "app.js": 12_000 };

async function styles() {
  const { css } = compile(join(here, "sass/app.scss"), {
    style: "compressed",
    loadPaths: [here],
    charset: false,
  });
  const { outputFiles } = await build({
    stdin: { contents: css, loader: "css" },
    minify: true,
    target: browsers,
    legalComments: "none",
    write: false,
  });
  return outputFiles[0].contents;
}

async function scripts() {
  const { outputFiles } = await build({
    entryPoints: [join(here, "scripts/app.js")],
    bundle: true,
    minify: true,
    format: "esm",
    target: browsers,
    legalComments: "none",
    write: false,
  });
  return outputFiles[0].contents;
}

function clean() {
  for (const name of readdirSync(target)) {
    if (/^(app|icon|axe)\..*(css|js|svg)$|^manifest\.json$/.test(name)) rmSync(join(target, name));
  }
}

function put(name, contents) {
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 10);
  const extension = extname(name);
  const hashed = `${basename(name, extension)}.${hash}${extension}`;
  writeFileSync(join(target, hashed), contents);
  const size = gzipSync(contents, { level: 9 }).length;
  console.log(`${hashed}  ${contents.length} bytes, ${size} compressed`);
  if (size > (limits[name] ?? Infinity)) throw new Error(`${name} is over its limit of ${limits[name]} bytes compressed`);
  return hashed;
}

const built = {
  "app.css": await styles(),
  "app.js": await scripts(),
  "icon.svg": readFileSync(join(here, "icon.svg")),
};
clean();
const manifest = {};
for (const [name, contents] of Object.entries(built)) manifest[name] = put(name, contents);
writeFileSync(join(target, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
