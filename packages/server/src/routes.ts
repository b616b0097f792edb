/** The tables of routes, for tests that walk all of them. */
export { createAdminApp, openRoutes } from './admin/admin-app.ts';
export { transferRoutes } from './drive/transfer-drive.ts';
export { v1Routes } from './v1/route-v1.ts';
