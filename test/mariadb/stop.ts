import './start';

export default async function stop(): Promise<void> {
  await globalThis.mariadbTemplates?.drop();
  await globalThis.mariadbServer?.stop();
}
