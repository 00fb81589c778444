// Copies what the site needs from nhsuk-frontend and from src/ into built/.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const nhsuk = join(here, "node_modules", "nhsuk-frontend");
const dist = join(nhsuk, "dist", "nhsuk");
const built = join(here, "built");
const { version } = JSON.parse(readFileSync(join(nhsuk, "package.json"), "utf8"));
const notice = `/*! nhsuk-frontend ${version} by NHS England, MIT licence */\n`;

// Manifest static storage refuses a source map that is not there.
const withoutSourceMap = (text) => text.replace(/\/[/*]# sourceMappingURL=.*$/m, "").trimEnd() + "\n";

// Frutiger is licensed to NHS bodies and would be a request to another site: the font is Arial.
const withoutFrutiger = (css) =>
  css.replace(/@font-face\{[^}]*Frutiger[^}]*\}/g, "").replaceAll("Frutiger W01,arial,sans-serif", "arial,sans-serif");

function imagesUsedBy(css) {
  return [...new Set([...css.matchAll(/url\(\/assets\/images\/([^)]+)\)/g)].map((match) => match[1]))];
}

rmSync(built, { recursive: true, force: true });
mkdirSync(join(built, "nhsuk", "images"), { recursive: true });

const css = withoutFrutiger(withoutSourceMap(readFileSync(join(dist, "nhsuk-frontend.min.css"), "utf8")));
for (const image of imagesUsedBy(css)) {
  cpSync(join(dist, "assets", "images", image), join(built, "nhsuk", "images", image));
}
writeFileSync(join(built, "nhsuk", "nhsuk-frontend.min.css"), css.replaceAll("url(/assets/images/", "url(images/") + notice);

const js = withoutSourceMap(readFileSync(join(dist, "nhsuk-frontend.min.js"), "utf8"));
writeFileSync(join(built, "nhsuk", "nhsuk-frontend.min.js"), js + notice);

cpSync(join(here, "src"), built, { recursive: true });

if (/https?:\/\/(?!www\.w3\.org)/.test(css)) {
  throw new Error("The built style sheet asks another site for something: see withoutFrutiger in build.mjs.");
}
console.log(`built/ holds nhsuk-frontend ${version} and our own styles and scripts.`);
