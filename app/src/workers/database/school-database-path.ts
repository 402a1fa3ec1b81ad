export { schoolDatabasePath } from '@darasa/shared/protocol';
