"""A small SMTP server (RFC 5321) that does what real ones do on bad days: is away, refuses, is slow, hangs up in the middle.

What it does with a mail is decided by `behaviour(recipient, attempt)`, where `attempt` counts from 1 how often this mail (by its
recipient) was tried: "accept", an SMTP answer such as "451 later" or "550 unknown", "die" (hangs up in the middle of the message),
"hang up" (hangs up after the whole message, before the 250: so it has not taken it), or a number of seconds after which it accepts. `accepted` holds what it answered 250 to, or has taken in before it was to answer.
"""
import base64, collections, contextlib, email, email.policy, re, socketserver, threading, time


class Mail:
    def __init__(self, recipient, content):
        self.recipient, self.message = recipient, email.message_from_bytes(content, policy=email.policy.default)
        self.id = self.message["Message-ID"]


class MailServer:
    def __init__(self, port, behaviour, greeting="220 mail.test ready", password=None):
        self.port, self.behaviour, self.greeting, self.password = port, behaviour, greeting, password
        self.accepted, self.attempts, self.connections = [], collections.Counter(), 0
        self.lock, self.server = threading.Lock(), None

    def start(self):
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                with contextlib.suppress(OSError):
                    outer.talk(self)

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address, daemon_threads = True, True

        self.server = Server(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    def talk(self, connection):
        def say(line):
            connection.wfile.write(line.encode() + b"\r\n")
            connection.wfile.flush()

        with self.lock:
            self.connections += 1
        say(self.greeting)
        if not self.greeting.startswith("220"):
            return
        recipient, signed_in = None, self.password is None
        while line := connection.rfile.readline():
            command = line.decode(errors="replace").strip()
            verb = command.split(" ")[0].upper()
            if verb == "EHLO":
                say("250-mail.test")
                if self.password is not None:
                    say("250-AUTH PLAIN")
                say("250 8BITMIME")
            elif verb == "AUTH":
                signed_in = self.password in base64.b64decode(command.split(" ")[2]).decode()
                say("235 welcome" if signed_in else "535 wrong password")
            elif verb in ("NOOP", "RSET"):
                say("250 ok")
            elif verb == "QUIT":
                say("221 bye")
                return
            elif not signed_in:
                say("530 sign in first")
            elif verb == "MAIL":
                say("250 ok")
            elif verb == "RCPT":
                recipient = re.search(r"<(.*)>", command).group(1)
                with self.lock:
                    self.attempts[recipient] += 1
                what = self.behaviour(recipient, self.attempts[recipient])
                say(what if isinstance(what, str) and what[0].isdigit() else "250 ok")
            elif verb == "DATA":
                say("354 go on")
                what = self.behaviour(recipient, self.attempts[recipient])
                content = self.read(connection, stop_early=what == "die")
                if content is None or what == "hang up":
                    return
                with self.lock:
                    self.accepted.append(Mail(recipient, content))
                if isinstance(what, (int, float)):
                    time.sleep(what)
                say("250 taken")
            else:
                say("502 what?")

    @staticmethod
    def read(connection, stop_early):
        lines = []
        while (line := connection.rfile.readline()) and line != b".\r\n":
            lines.append(line[1:] if line.startswith(b".") else line)
            if stop_early and len(lines) > 5:
                return None
        return b"".join(lines) if line else None
