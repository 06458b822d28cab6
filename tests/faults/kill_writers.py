#!/usr/bin/env python3
"""Kills a writing server again and again and counts what it kept.

32 writers send measurements over keep-alive connections, each with an idempotency key and a time of its own.
At moments chosen by the seed the server dies by SIGKILL, now and then while it is still starting. After each
restart every writer sends again what was not acknowledged, with the same key, and sometimes what was. At the
end every write must be there exactly once, the audit log must be whole, and each row must have one entry.

    tests/faults/kill_writers.py build/dev/concord                      # 100 kills on SQLite
    tests/faults/kill_writers.py build/dev/concord --cycles 5 --seed 7
    tests/faults/kill_writers.py build/dev/concord --postgres           # a throw-away cluster
    tests/faults/kill_writers.py build/dev/concord --db postgres://concord@/kill?host=/run/postgresql

SIGKILL leaves the kernel alive, which still writes what it was given: this does not show what a power loss does.
Exit code 0: nothing lost, nothing doubled.
"""

import argparse
import datetime
import glob
import http.client
import json
import os
import pwd
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

PATIENTS = 256
START_LIMIT = 60.0  # seconds a start may take, recovery included


class Failure(Exception):
    pass


def run(arguments, **options):
    done = subprocess.run(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
    if done.returncode != 0:
        raise Failure(f"{' '.join(arguments[:4])} ... ended with {done.returncode}: {done.stderr.strip()[-500:]}")
    return done.stdout


class Postgres:
    """A private server with fsync on; it is not the one that dies."""

    def __init__(self, folder):
        programs = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
        if not programs:
            raise Failure("PostgreSQL (initdb, postgres) is not installed")
        self.programs = os.path.dirname(programs[-1])
        self.folder = os.path.join(folder, "postgres")
        os.mkdir(self.folder, 0o700)
        self.user = None
        if os.geteuid() == 0:
            self.user = pwd.getpwnam("postgres")
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
            os.chmod(folder, 0o711)
        data = os.path.join(self.folder, "data")
        self._program("initdb", "-D", data, "-U", "concord", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-instructions").wait()
        self.process = self._program("postgres", "-D", data, "-k", self.folder, "-c", "listen_addresses=", "-c", "max_connections=50")
        deadline = time.monotonic() + START_LIMIT
        ready = [os.path.join(self.programs, "pg_isready"), "-q", "-h", self.folder]
        while subprocess.run(ready, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode != 0:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise Failure("PostgreSQL did not start")
            threading.Event().wait(0.05)
        self.url = f"postgresql://concord@/postgres?host={self.folder}"

    def _program(self, name, *arguments):
        def change_user():
            if self.user:
                os.setgroups([])
                os.setgid(self.user.pw_gid)
                os.setuid(self.user.pw_uid)

        return subprocess.Popen([os.path.join(self.programs, name), *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                stdin=subprocess.DEVNULL, preexec_fn=change_user, cwd="/")

    def stop(self):
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()


class Server:
    """One life of `concord serve`."""

    def __init__(self, binary, url, log):
        self.log = open(log, "ab")
        self.process = subprocess.Popen([binary, "serve", "--port", "0", "--db", url], stdout=subprocess.PIPE, stderr=self.log,
                                        stdin=subprocess.DEVNULL, env={**os.environ, "CONCORD_LOG_LEVEL": "warn"})
        self.port = None

    def wait_until_it_serves(self):
        watchdog = threading.Timer(START_LIMIT, self.process.kill)
        watchdog.start()
        line = self.process.stdout.readline().decode()
        watchdog.cancel()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
        if not found:
            raise Failure(f"the server did not start: {line!r}, exit code {self.process.poll()}")
        self.port = int(found.group(1))

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.log.close()

    def stop(self):
        self.process.terminate()
        code = self.process.wait(timeout=60)
        self.process.stdout.close()
        self.log.close()
        if code != 0:
            raise Failure(f"the server ended with {code} when asked to stop")


class Client:
    """One keep-alive connection."""

    def __init__(self, port, key):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.headers = {"Authorization": "Bearer " + key, "Content-Type": "application/json"}

    def ask(self, method, path, body=None, **headers):
        self.connection.request(method, path, json.dumps(body) if body is not None else None, {**self.headers, **headers})
        answer = self.connection.getresponse()
        return answer.status, answer.read()


class Write:
    """One measurement that somebody meant to store once."""

    def __init__(self, number, patient, base):
        self.key = f"write-{number}"
        self.patient = patient
        # Every write has a time of its own: that is how it is recognized in the database.
        self.at = (base + datetime.timedelta(milliseconds=number)).strftime("%Y-%m-%dT%H:%M:%S.%f") + "Z"
        self.total = number % 28
        self.id = None  # once acknowledged

    def send(self, client):
        status, body = client.ask("POST", f"/api/v1/patients/{self.patient}/measurements",
                                  {"instrument": "phq-9", "mode": "phone", "administered_at": self.at, "total": self.total},
                                  **{"Idempotency-Key": self.key})
        if status == 503:
            return False
        if status != 201:
            raise Failure(f"{self.key} was answered with {status}: {body[:300]!r}")
        stored = json.loads(body)["id"]
        if self.id is not None and self.id != stored:
            raise Failure(f"{self.key} was acknowledged as {self.id} and, sent again, as {stored}")
        self.id = stored
        return True


class Test:
    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.random = random.Random(options.seed)
        self.postgres = None
        if options.postgres:
            self.postgres = Postgres(folder)
            self.url = self.postgres.url
        else:
            self.url = options.db or "sqlite:" + os.path.join(folder, "kill.db")
        self.log = os.path.join(folder, "server.log")
        self.base = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=60)
        self.lock = threading.Lock()
        self.writes = []
        self.pending = [None] * options.writers
        self.acknowledged = 0
        self.resent = self.repeated = self.kills = self.kills_at_start = 0
        self.errors = []

    def concord(self, *arguments):
        return run([self.options.binary, *arguments, "--db", self.url])

    def prepare(self):
        self.concord("user", "add", "killer", "--name", "Kay Killer", "--role", "care_manager", "--organization", "Kill Clinic",
                     "--site", "Main", "--time-zone", "America/New_York")
        self.key = json.loads(self.concord("user", "key", "writers", "--role", "care_manager", "--json"))["key"]
        server = Server(self.options.binary, self.url, self.log)
        server.wait_until_it_serves()
        # The key's only site is the one where it may start an instrument.
        client = Client(server.port, self.key)
        status, body = client.ask("GET", "/api/v1/instruments")
        site = json.loads(body)["items"][0]["usable_at"][0]
        self.patients = []
        for number in range(PATIENTS):
            status, body = client.ask("POST", "/api/v1/patients",
                                      {"site_id": site, "given_name": f"Patient{number}", "family_name": "Invented", "accept_duplicate": True,
                                       "birth_date": "1980-01-01"})
            if status != 201:
                raise Failure(f"a patient was answered with {status}: {body[:300]!r}")
            self.patients.append(json.loads(body)["id"])
        server.stop()

    def next_write(self, chosen):
        with self.lock:
            write = Write(len(self.writes), self.patients[chosen], self.base)
            self.writes.append(write)
            return write

    def writer(self, index, port, seed, enough):
        """Sends until the server is gone, or nothing is pending when `enough` is None."""
        rng = random.Random(seed)
        client = Client(port, self.key)
        try:
            while True:
                write = self.pending[index]
                again = write is not None
                if not again:
                    if enough is None:
                        return
                    write = self.next_write(rng.randrange(PATIENTS))
                    self.pending[index] = write
                if not write.send(client):
                    continue
                self.pending[index] = None
                with self.lock:
                    self.acknowledged += 1
                    self.resent += again
                    if enough is not None and self.acknowledged >= enough[0]:
                        enough[1].set()
                if again and rng.random() < 0.5:  # acknowledged, and sent once more all the same
                    write.send(client)
                    with self.lock:
                        self.repeated += 1
        except Failure as failure:
            with self.lock:
                self.errors.append(str(failure))
                if enough is not None:
                    enough[1].set()
        except (OSError, http.client.HTTPException):
            pass  # killed: what is pending is not acknowledged

    def writers(self, port, enough):
        threads = [threading.Thread(target=self.writer, args=(i, port, self.random.random(), enough)) for i in range(self.options.writers)]
        for thread in threads:
            thread.start()
        return threads

    def cycle(self):
        server = Server(self.options.binary, self.url, self.log)
        if self.random.random() < 0.1:
            threading.Event().wait(self.random.uniform(0.0, 0.1))
            server.kill()
            self.kills_at_start += 1
            return
        server.wait_until_it_serves()
        reached = threading.Event()
        enough = (self.acknowledged + self.random.randrange(1, 600), reached)
        threads = self.writers(server.port, enough)
        if not reached.wait(120):
            self.errors.append("the writers make no progress")
        threading.Event().wait(self.random.uniform(0.0, 0.02))
        server.kill()
        self.kills += 1
        for thread in threads:
            thread.join()

    def finish(self):
        server = Server(self.options.binary, self.url, self.log)
        server.wait_until_it_serves()
        for thread in self.writers(server.port, None):
            thread.join()
        client = Client(server.port, self.key)
        seen = {}
        for patient in self.patients:
            status, body = client.ask("GET", f"/api/v1/patients/{patient}/measurements")
            if status != 200:
                raise Failure(f"the measurements were answered with {status}")
            for row in json.loads(body)["items"]:
                when = datetime.datetime.fromisoformat(row["administered_at"].replace("Z", "+00:00"))
                seen.setdefault((patient, when), []).append((row["id"], row["total"]))
        server.stop()
        lost = doubled = changed = 0
        for write in self.writes:
            if write.id is None:
                self.errors.append(f"{write.key} was never acknowledged")
                continue
            rows = seen.pop((write.patient, datetime.datetime.fromisoformat(write.at.replace("Z", "+00:00"))), [])
            lost += not rows
            doubled += len(rows) > 1
            changed += bool(rows) and rows[0] != (write.id, write.total)
        if seen:
            self.errors.append(f"{len(seen)} rows that nobody wrote")
        if lost or doubled or changed:
            self.errors.append(f"{lost} lost, {doubled} doubled, {changed} changed")
        verdict = json.loads(self.concord("audit", "verify", "--json"))
        if not verdict["whole"]:
            self.errors.append("the audit log is not whole: " + "; ".join(verdict["problems"]))
        if self.url.startswith("sqlite:"):
            self.look_into_sqlite(self.url[len("sqlite:"):])
        return lost, doubled, verdict["entries"]

    def look_into_sqlite(self, path):
        database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        check = database.execute("PRAGMA integrity_check").fetchone()[0]
        if check != "ok":
            self.errors.append(f"integrity_check: {check}")
        entries = database.execute("SELECT COUNT(*) FROM audit_event WHERE action = 'measurements.create' AND result = 'ok' "
                                   "AND detail <> 'repeated request'").fetchone()[0]
        if entries != len(self.writes):
            self.errors.append(f"{entries} audit entries for {len(self.writes)} writes")
        database.close()

    def stop(self):
        if self.postgres:
            self.postgres.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("binary", help="the built concord")
    parser.add_argument("--cycles", type=int, default=100, help="how often it is killed (default 100)")
    parser.add_argument("--writers", type=int, default=32, help="concurrent writers (default 32)")
    parser.add_argument("--seed", type=int, default=None, help="same seed, same moments as far as threads allow (default: random, printed)")
    parser.add_argument("--db", help="an empty database to use instead of a temporary SQLite file")
    parser.add_argument("--postgres", action="store_true", help="start a throw-away PostgreSQL and use it")
    parser.add_argument("--keep", action="store_true", help="keep the folder with database and log")
    options = parser.parse_args()
    options.binary = os.path.abspath(options.binary)
    if options.seed is None:
        options.seed = random.SystemRandom().randrange(1 << 31)
    folder = tempfile.mkdtemp(prefix="concord-kill-")
    started = time.monotonic()
    test = None
    failed = True
    try:
        test = Test(options, folder)
        test.prepare()
        for done in range(options.cycles):
            test.cycle()
            if test.errors:
                break
            if sys.stderr.isatty():
                print(f"\r{done + 1} of {options.cycles} kills, {test.acknowledged} writes acknowledged", end="", file=sys.stderr)
        if sys.stderr.isatty():
            print("\r\033[K", end="", file=sys.stderr)
        lost, doubled, entries = test.finish()
        failed = bool(test.errors)
        for error in test.errors[:20]:
            print(f"FAILED: {error}")
        print(f"{test.kills + test.kills_at_start} kills ({test.kills_at_start} while starting), {options.writers} writers, "
              f"{test.acknowledged} acknowledged writes, {test.resent} sent again because unacknowledged, {test.repeated} repeated on purpose: "
              f"{lost} lost, {doubled} doubled, {entries} audit entries, {'NOT ' if failed else ''}all whole; "
              f"seed {options.seed}, {time.monotonic() - started:.0f} s")
    except Failure as failure:
        print(f"FAILED: {failure} (seed {options.seed})")
    finally:
        if test:
            test.stop()
        if failed or options.keep:
            print(f"database and log are in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
