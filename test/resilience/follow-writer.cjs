// A process to be killed while it writes follows of family B with the built FollowWriter: saves each line of standard
// input (follows as JSON) and then reports it in a line of its own.
const { createInterface } = require('node:readline');
const { readEnv } = require('../../dist/src/config/env.js');
const { connect } = require('../../dist/src/database/connect.js');
const { dataSourceOptions } = require('../../dist/src/schema/data-source.js');
const { FollowWriter } = require('../../dist/src/wechat-customers/write/follow-writer.js');

async function main() {
  const dataSource = await connect(dataSourceOptions(readEnv(process.env)));
  const writer = new FollowWriter(dataSource);
  for await (const line of createInterface(process.stdin)) {
    await writer.save({ uniacid: 2, enterpriseId: 1 }, JSON.parse(line));
    console.log('saved');
  }
}

main();
