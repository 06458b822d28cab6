import { ApiError, call, client } from '../api/client';

/** Ends the session on the server. Fails with the ApiError when nobody knows whether it has ended: then nothing may look signed out. */
export async function endSession() {
  try {
    await call(client.POST('/auth/sign-out', { body: {} }));
  } catch (error) {
    if (error instanceof ApiError && error.code === 'not_signed_in') return;
    throw error;
  }
}
