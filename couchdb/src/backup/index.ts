export { type BackupCode, newBackupCode, readBackupCode } from './code.ts';
export { listBackups } from './folder.ts';
export { type BadFile, databasesOf, filesOf, findGoodBackup, type GoodBackup } from './good-backup.ts';
export { type BackupOutcome, makeBackup, type PlaceFile } from './make-backup.ts';
export { type Restored, restoreInto } from './restore.ts';
