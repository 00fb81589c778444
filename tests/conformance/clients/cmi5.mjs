// What a piece of cmi5 content does with @xapi/cmi5: launched, begun, passed, completed, ended.
import http from "http";
import "./browser.mjs";
import Cmi5 from "@xapi/cmi5";

const [endpoint, key, secret, launch] = process.argv.slice(2);
const token = Buffer.from(`${key}:${secret}`).toString("base64");

async function main(fetch) {
  const unit = new Cmi5({ endpoint, fetch, ...JSON.parse(launch) });
  await unit.initialize();
  await unit.pass({ scaled: 0.9 });
  await unit.complete();
  await unit.terminate();
  console.log(JSON.stringify({ mode: unit.getLaunchData().launchMode }));
}

// The learning system hands out the token once, at an address of its own.
const system = http.createServer((request, answer) => answer.end(JSON.stringify({ "auth-token": token })));
system.listen(0, "127.0.0.1", async () => {
  try {
    await main(`http://127.0.0.1:${system.address().port}/fetch`);
  } catch (fault) {
    console.error(fault.response ? JSON.stringify(fault.response.data) : fault);
    process.exitCode = 1;
  }
  system.close();
});
