import { Command } from 'commander';
import type { InDatabase } from '../database/connect';
import { eventsCommand } from './callbacks/events.command';
import { credentialCommand } from './corps/credential.command';
import { doctorCommand } from './doctor/doctor.command';
import { syncCommand } from './sync/sync.command';

/** `wecom`: customers from WeCom. */
export function wecomCommand(inDatabase: InDatabase): Command {
  return new Command('wecom')
    .description('customers from WeCom')
    .addCommand(credentialCommand(inDatabase))
    .addCommand(syncCommand(inDatabase))
    .addCommand(eventsCommand(inDatabase))
    .addCommand(doctorCommand(inDatabase));
}
