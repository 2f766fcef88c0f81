#!/usr/bin/env python3
"""Connections to PostgreSQL that are encrypted: khi takes the right certificate only, and says what to do about a wrong one.

A throw-away PostgreSQL takes encrypted connections only. Its certificate is for `localhost` and comes from an authority made here.
"""
import json, os, pathlib, subprocess, sys
import server
from server import Client, Khi, Postgres, run_test

PASSWORD = "a p%40ssword of the database"


class Test(server.Test):
    def __init__(self, folder):
        super().__init__(folder, "sqlite", 1)
        self.folder, self.servers = pathlib.Path(folder), []
        self.postgres = Postgres(self.folder)
        self.make_certificates()
        self.encrypt()

    def openssl(self, *arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, cwd=self.folder)

    def make_certificates(self):
        """Two authorities, and a certificate of the first for the name localhost."""
        for name in ("ca", "other"):
            self.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.pem")
        self.openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr")
        (self.folder / "names").write_text("subjectAltName=DNS:localhost\n")
        self.openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names", "-out", "server.pem")

    def encrypt(self):
        """From here on the server asks for a password, and takes encrypted connections only."""
        self.postgres.sql("postgres", "CREATE ROLE khi LOGIN PASSWORD 'a p@ssword of the database'")
        self.postgres.sql("postgres", "ALTER DATABASE khi OWNER TO khi")
        data = self.postgres.folder / "data"
        owner = data.stat()
        for name in ("server.pem", "server.key"):
            (data / name).write_bytes((self.folder / name).read_bytes())
            os.chmod(data / name, 0o600)
            os.chown(data / name, owner.st_uid, owner.st_gid)
        (data / "pg_hba.conf").write_text("host all postgres 127.0.0.1/32 trust\nhostssl all khi all scram-sha-256\n")
        self.postgres.stop()
        self.postgres.options = "-c ssl=on -c ssl_cert_file=server.pem -c ssl_key_file=server.key"
        self.postgres.start()

    def khi(self, query, host="localhost"):
        khi = Khi(self.folder, f"postgres://khi:{PASSWORD.replace(' ', '%20')}@{host}:{self.postgres.port}/khi{query}")
        self.servers.append(khi)
        return khi

    def refused(self, name, khi, *says):
        done = khi.run("tallies", "verify")
        said = done.stdout + done.stderr
        fault = done.returncode == 0 and "it was taken" or next((f"it does not say {word!r}: {said}" for word in says if word not in said), None)
        self.check(f"refused: {name}", fault)
        self.check(f"{name}: the password is not shown", ("p@ssword" in said or "p%40ssword" in said) and said)

    def run_all(self):
        authority = f"sslrootcert={self.folder}/ca.pem"
        self.refused("a connection that is not encrypted, by the server", self.khi(""), "no encryption")
        self.refused("a certificate of no public authority", self.khi("?sslmode=require"), "UnknownIssuer", "sslrootcert=FILE")
        self.refused("a certificate of another authority", self.khi(f"?sslmode=verify-full&sslrootcert={self.folder}/other.pem"), "invalid peer certificate")
        self.refused("a certificate for another name", self.khi(f"?sslmode=verify-full&{authority}", "127.0.0.1"), "not valid for name")
        self.refused("an authority that is not there", self.khi("?sslmode=verify-full&sslrootcert=/no/such.pem"), "sslrootcert /no/such.pem")
        self.refused("half-hearted encryption", self.khi("?sslmode=prefer"), "sslmode is disable, require or verify-full")
        khi = self.khi(f"?sslmode=verify-full&{authority}")
        khi.start()
        khi.add_user()
        client = Client(khi.port)
        client.sign_in()
        server.make_schemes(client, 2)
        encrypted = self.postgres.sql("khi", "SELECT count(*) FILTER (WHERE ssl), count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'khi'")
        self.check("every connection of the server is encrypted", len(set(encrypted.split("|"))) != 1 or encrypted.startswith("0|") and encrypted)
        found = {c["check"]: c for c in json.loads(khi.run("doctor", "--json").stdout)["checks"]}
        self.check("the doctor is content", any(found[c]["state"] != "ok" for c in ("database", "connection", "schema", "clock", "durability")) and str(found))
        done = khi.run("backup", str(self.folder / "backups"))
        self.check("PostgreSQL's own programs take the same way", done.returncode and done.stderr)
        self.check("khi tallies verify", khi.verify())


if __name__ == "__main__":
    sys.exit(run_test(Test, lambda test: test.run_all()))
