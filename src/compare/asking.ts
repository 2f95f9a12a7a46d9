import type { Question, System } from '../import/originals/system';
import { answerDifferences } from './answers';
import type { Findings } from './findings';
import type { Ignored, RowKind } from './rows';

/** A question with what it is answered with. */
export interface Asked extends Question {
  rows: RowKind;
}

/** Both systems, each with somebody signed in. */
export interface Systems {
  theirs: System;
  ours: System;
}

/** How a comparison is carried out. */
export interface Comparing {
  findings: Findings;
  ignored: Ignored;
  /** Told of what was asked so far. */
  onAnswer: () => void;
}

/** Asks both systems a question, at once, and notes what differs. @throws SystemFailed when one does not answer */
export async function askBoth({ theirs, ours }: Systems, asked: Asked, comparing: Comparing): Promise<void> {
  const { findings, ignored, onAnswer } = comparing;
  const [a, b] = await Promise.all([theirs.ask(asked), ours.ask(asked)]);
  const both = { theirs: a, ours: b, bases: { theirs: theirs.base, ours: ours.base } };
  findings.add(`POST ${asked.route} ${JSON.stringify(asked.params)}`, answerDifferences(asked.rows, both, ignored));
  onAnswer();
}
