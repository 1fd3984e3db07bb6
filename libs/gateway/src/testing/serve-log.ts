import { flushCompileCache } from 'node:module';
import { servedLog } from './served-log';

/**
 * A process that serves a store file until it is killed, and says its port when it listens.
 * Arguments: file, port (0: any free one), and the file that holds what its clock shows (default the real one).
 */
const [, , file = '', port = '0', clockFile = null] = process.argv;

void servedLog(file, Number(port), clockFile).then((served) => {
  console.log(served.port);
  // Tests end it with -9: what it has compiled is to be there for the next one all the same.
  flushCompileCache();
});
