import type { Pouch } from '../../sync-server/contract/harness/pouch.ts';
import type { ClassDevice, Pulled, ToDevices } from './class-devices.ts';
import { exchangeDevice, localPouch, remotePouch, stockDevice } from './devices.ts';
import { split } from './store.ts';

/** Some of the devices of a class: made ready first, so that nothing but pulling is in the time. */
let ready: readonly (() => Promise<Pouch>)[] = [];

process.on('message', (message: ToDevices) => {
  answer(message).then(
    (said) => process.send?.(said),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.('started');

async function answer(message: ToDevices): Promise<Pulled> {
  if ('devices' in message) {
    ready = message.devices.map(deviceOf);
    return { held: [] };
  }
  const pouches = await Promise.all(ready.map((pull) => pull()));
  ready = [];
  return { held: await Promise.all(pouches.map(countAndDestroy)) };
}

function deviceOf(device: ClassDevice): () => Promise<Pouch> {
  if (device.from === 'store') {
    const { href, authorization } = split(device.database);
    const pouch = localPouch();
    return async () => {
      await pouch.replicate.from(remotePouch(href, authorization), { batch_size: 100 });
      return pouch;
    };
  }
  const { way, url, school, token } = device;
  const synced = way === 'stock' ? stockDevice(url, school, token) : exchangeDevice(url, school, token);
  return async () => {
    await synced.sync();
    return synced.pouch;
  };
}

async function countAndDestroy(pouch: Pouch): Promise<number> {
  const { rows } = await pouch.allDocs();
  await pouch.destroy();
  return rows.length;
}
