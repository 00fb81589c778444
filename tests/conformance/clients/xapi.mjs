// A walk through every resource with @xapi/xapi. Prints what it found as JSON.
import XAPI from "@xapi/xapi";

const [endpoint, key, secret, version] = process.argv.slice(2);
const lrs = new XAPI({ endpoint, auth: XAPI.toBasicAuth(key, secret), version });
const agent = { objectType: "Agent", account: { homePage: "https://lms.example/", name: "7431" } };
const activityId = "https://lms.example/courses/sepsis";
const statement = {
  actor: agent,
  verb: XAPI.Verbs.COMPLETED,
  object: {
    objectType: "Activity",
    id: activityId,
    definition: { name: { "en-GB": "Sepsis" }, type: "http://adlnet.gov/expapi/activities/course" },
  },
};

async function main() {
  const found = {};
  found.versions = (await lrs.getAbout()).data.version;
  const [id] = (await lrs.sendStatement({ statement })).data;
  await lrs.sendStatements({ statements: [statement, statement, statement] });
  found.one = (await lrs.getStatement({ statementId: id })).data.verb.id;
  let page = (await lrs.getStatements({ agent, verb: statement.verb.id, limit: 3 })).data;
  found.pages = [page.statements.length];
  page = (await lrs.getMoreStatements({ more: page.more })).data;
  found.pages.push(page.statements.length);
  await lrs.voidStatement({ actor: agent, statementId: id });
  found.voided = (await lrs.getVoidedStatement({ voidedStatementId: id })).data.id === id;
  const state = { agent, activityId, stateId: "bookmark" };
  await lrs.setState({ ...state, state: { page: 3 } });
  await lrs.createState({ ...state, state: { done: false } });
  found.state = (await lrs.getState(state)).data;
  found.states = (await lrs.getStates({ agent, activityId })).data;
  await lrs.deleteState(state);
  const profile = { agent, profileId: "preferences" };
  await lrs.setAgentProfile({ ...profile, profile: { size: "large" }, etag: "*", matchHeader: "If-None-Match" });
  const kept = await lrs.getAgentProfile(profile);
  found.profile = kept.data;
  await lrs.deleteAgentProfile({ ...profile, etag: kept.headers.etag });
  found.activity = (await lrs.getActivity({ activityId })).data.definition.name["en-GB"];
  found.person = (await lrs.getAgent({ agent })).data.account[0].name;
  console.log(JSON.stringify(found));
}

main().catch((fault) => {
  console.error(fault.response ? JSON.stringify(fault.response.data) : fault);
  process.exit(1);
});
