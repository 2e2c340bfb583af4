import { type Storage, StorageFull } from "./storage.ts";

/**
 * A storage that begins no file while less than `reserveBytes` are free: what is left then is for what cannot wait, such as
 * the database on the same disk and the outputs of jobs that run. Reading goes on. Throws {@link StorageFull}.
 */
export function withReserve(storage: Storage, reserveBytes: number): Storage {
  const assertRoom = async (): Promise<void> => {
    const freeBytes = await storage.freeBytes();
    if (freeBytes < reserveBytes) throw new StorageFull(freeBytes);
  };
  return {
    ...storage,
    async receive(source, limits) {
      await assertRoom();
      return storage.receive(source, limits);
    },
    async make(write) {
      await assertRoom();
      return storage.make(write);
    },
    async put(source, limits) {
      await assertRoom();
      return storage.put(source, limits);
    },
  };
}
