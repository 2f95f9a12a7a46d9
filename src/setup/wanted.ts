import type { DataSource } from 'typeorm';
import type { EntryActor } from '../audit/note';
import { OperatorError } from '../base/operator-error';
import { InYaml } from '../base/yaml-file';
import type { Secrets } from './secrets';
import type { Setup } from './setup-file';

/** What has to be done for one thing of the file. */
export interface Step {
  /** `+ account admin` for something new, `~ enterprise 1 name` with the fields that change, never with their values. */
  line: string;
  run: () => Promise<void>;
}

/** What a plan is made of. */
export class Wanted {
  constructor(
    readonly database: DataSource,
    readonly file: string,
    readonly setup: Setup,
    readonly secrets: Secrets,
    readonly actor: EntryActor,
  ) {}

  /** A fault of the file, at its place. */
  fault(path: PropertyKey[], message: string): OperatorError {
    return new InYaml(this.file, path, message);
  }

  /** Runs a check of another room; what it refuses is told with its place in the file. */
  async at<Result>(path: PropertyKey[], check: () => Result | Promise<Result>): Promise<Result> {
    try {
      return await check();
    } catch (error) {
      throw error instanceof OperatorError ? this.fault(path, error.message) : error;
    }
  }
}
