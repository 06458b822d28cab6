// Passkeys: bytes travel as base64url, as the server asks.
import { auth } from './session';
import type { Session } from './types';

export const passkeysWork = () => typeof window !== 'undefined' && 'PublicKeyCredential' in window;

function bytes(text: string) {
  const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}
function text(buffer: ArrayBuffer) {
  let plain = '';
  for (const byte of new Uint8Array(buffer)) plain += String.fromCharCode(byte);
  return btoa(plain).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** null: the person closed the phone's own question. */
export async function signInByPasskey(): Promise<Session | null> {
  const asked = await auth<{ challenge: string; rp_id: string; timeout_ms: number }>('passkey/begin');
  let credential: PublicKeyCredential | null;
  try {
    credential = (await navigator.credentials.get({
      publicKey: {
        challenge: bytes(asked.challenge),
        rpId: asked.rp_id,
        timeout: asked.timeout_ms,
        userVerification: 'required',
      },
    })) as PublicKeyCredential | null;
  } catch {
    return null;
  }
  if (!credential) return null;
  const answer = credential.response as AuthenticatorAssertionResponse;
  return auth<Session>('passkey/finish', {
    credential_id: text(credential.rawId),
    authenticator_data: text(answer.authenticatorData),
    client_data_json: text(answer.clientDataJSON),
    signature: text(answer.signature),
  });
}

export async function addPasskey(name: string): Promise<boolean> {
  const asked = await auth<{
    challenge: string;
    rp: { id: string; name: string };
    user: { id: string; name: string; display_name: string };
    algorithms: number[];
    exclude: string[];
  }>('passkeys/begin');
  let credential: PublicKeyCredential | null;
  try {
    credential = (await navigator.credentials.create({
      publicKey: {
        challenge: bytes(asked.challenge),
        rp: asked.rp,
        user: { id: bytes(asked.user.id), name: asked.user.name, displayName: asked.user.display_name },
        pubKeyCredParams: asked.algorithms.map((alg) => ({ type: 'public-key', alg })),
        excludeCredentials: asked.exclude.map((id) => ({ type: 'public-key', id: bytes(id) })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      },
    })) as PublicKeyCredential | null;
  } catch {
    return false;
  }
  if (!credential) return false;
  const answer = credential.response as AuthenticatorAttestationResponse;
  await auth('passkeys/finish', {
    name,
    authenticator_data: text(answer.getAuthenticatorData()),
    client_data_json: text(answer.clientDataJSON),
  });
  return true;
}
