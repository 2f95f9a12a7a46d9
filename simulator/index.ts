import { control } from './control';
import { Simulator } from './simulator';

export { Simulator };

/** @param port any free one unless given @param seed of data and chances, 1 unless given */
export function startSimulator({ port = 0, seed = 1 }: { port?: number; seed?: number } = {}): Promise<Simulator> {
  return new Simulator(seed, control).listen(port);
}
