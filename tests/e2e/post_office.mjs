// A mail server and an SMS gateway on loopback for the browser tests: they take what Concord sends and let a test read it.
// run.mjs starts one beside the server; tests reach it through support.mjs (mailTo, textTo, textBack, refuse).
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer as createTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const SMS_TOKEN = 'token-of-the-test-gateway';
export const SMS_ACCOUNT = 'AC0000000000000000000000000000e2e0';
export const SMS_FROM = '+15550100999';

const listen = (server) =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));

function decode(mail) {
  const split = mail.indexOf('\r\n\r\n');
  const headers = {};
  for (const line of mail
    .slice(0, split)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')) {
    const at = line.indexOf(':');
    headers[line.slice(0, at).toLowerCase()] = line
      .slice(at + 1)
      .trim()
      .replace(/=\?utf-8\?B\?([^?]+)\?=\s*/gi, (_, words) => Buffer.from(words, 'base64').toString('utf8'));
  }
  return {
    headers,
    subject: headers.subject,
    text: Buffer.from(mail.slice(split + 4), 'base64').toString('utf8'),
  };
}

export async function openPostOffice() {
  const mails = [];
  const texts = [];
  const refused = { mail: '', sms: 0 };
  const open = new Set();

  const smtp = createTcp((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => {});
    let buffer = '';
    let letter = { to: [] };
    let inData = false;
    const say = (line) => socket.write(`${line}\r\n`);
    say('220 post office');
    socket.on('data', (bytes) => {
      buffer += bytes.toString('latin1');
      for (;;) {
        if (inData) {
          const end = buffer.indexOf('\r\n.\r\n');
          if (end < 0) return;
          const raw = buffer.slice(0, end).replace(/^\.\./gm, '.');
          buffer = buffer.slice(end + 5);
          inData = false;
          mails.push({
            at: Date.now(),
            from: letter.from,
            to: letter.to[0],
            id: /^message-id: <([^>]+)>/im.exec(raw)?.[1],
            ...decode(raw),
          });
          letter = { to: [] };
          say('250 taken');
          continue;
        }
        const end = buffer.indexOf('\r\n');
        if (end < 0) return;
        const line = buffer.slice(0, end);
        buffer = buffer.slice(end + 2);
        const word = line.slice(0, 4).toUpperCase();
        if (word === 'EHLO' || word === 'HELO') say('250 post office');
        else if (word === 'MAIL') {
          letter.from = /<([^>]*)>/.exec(line)?.[1];
          say('250 ok');
        } else if (word === 'RCPT') {
          if (refused.mail) say(refused.mail);
          else {
            letter.to.push(/<([^>]*)>/.exec(line)?.[1]);
            say('250 ok');
          }
        } else if (word === 'DATA') {
          inData = true;
          say('354 go on');
        } else if (word === 'QUIT') {
          say('221 bye');
          socket.end();
        } else say('250 ok');
      }
    });
  });

  const http = createHttp((request, response) => {
    let body = '';
    request.on('data', (bytes) => {
      body += bytes;
    });
    request.on('end', () => {
      const answer = (status, value) => {
        response.writeHead(status, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify(value));
      };
      if (request.url === '/box') return answer(200, { mails, texts });
      if (request.url === '/refuse') {
        Object.assign(refused, JSON.parse(body));
        return answer(200, refused);
      }
      if (request.method !== 'POST' || request.url !== `/2010-04-01/Accounts/${SMS_ACCOUNT}/Messages.json`)
        return answer(404, {});
      const wanted = `Basic ${Buffer.from(`${SMS_ACCOUNT}:${SMS_TOKEN}`).toString('base64')}`;
      if (request.headers.authorization !== wanted) return answer(401, {});
      if (refused.sms) return answer(refused.sms, {});
      const form = new URLSearchParams(body);
      const id = request.headers['idempotency-key'];
      if (!texts.some((one) => one.id === id))
        texts.push({
          at: Date.now(),
          id,
          to: form.get('To'),
          from: form.get('From'),
          text: form.get('Body'),
          callback: form.get('StatusCallback'),
        });
      return answer(201, { sid: `SM${texts.length}`, status: 'queued' });
    });
  });

  const [smtpPort, httpPort] = [await listen(smtp), await listen(http)];
  const folder = mkdtempSync(join(tmpdir(), 'concord-post-'));
  const tokenFile = join(folder, 'sms-token');
  writeFileSync(tokenFile, `${SMS_TOKEN}\n`, { mode: 0o600 });
  return {
    url: `http://127.0.0.1:${httpPort}`,
    mails,
    texts,
    /** For the server's environment; quiet hours and the daily reminders would make a test depend on the time of day. */
    env: (publicUrl) => ({
      CONCORD_MESSAGES_PUBLIC_URL: publicUrl,
      CONCORD_MESSAGES_SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
      CONCORD_MESSAGES_SMTP_FROM: 'concord@example.org',
      CONCORD_MESSAGES_SMS_URL: `http://127.0.0.1:${httpPort}`,
      CONCORD_MESSAGES_SMS_ACCOUNT: SMS_ACCOUNT,
      CONCORD_MESSAGES_SMS_TOKEN_FILE: tokenFile,
      CONCORD_MESSAGES_SMS_FROM: SMS_FROM,
      CONCORD_MESSAGES_QUIET_FROM: '00:00',
      CONCORD_MESSAGES_QUIET_UNTIL: '00:00',
      CONCORD_REMINDERS_ON: 'false',
    }),
    close() {
      for (const socket of open) socket.destroy();
      smtp.close();
      http.close();
      http.closeAllConnections();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** X-Twilio-Signature of a call with these form fields. */
export function signature(url, fields) {
  const signed =
    url +
    Object.keys(fields)
      .sort()
      .map((name) => name + fields[name])
      .join('');
  return createHmac('sha1', SMS_TOKEN).update(signed).digest('base64');
}
