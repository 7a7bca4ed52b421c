#!/usr/bin/env python3
"""A mail server for tests: aiosmtpd, keeping every message it accepts.

Prints `listening PORT` when ready. A message is stored and logged, both flushed, before its
acceptance is replied, so the log never lacks a mail that a client was told had arrived.
With TLS the self-signed certificate for localhost is DIR/cert.pem.
"""

import argparse
import asyncio
import email
import hashlib
import itertools
import json
import logging
import os
import ssl
import subprocess
import sys
import tempfile
import warnings

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


class Keeper:
    def __init__(self, folder, log, delay):
        self.folder, self.log, self.delay = folder, log, delay
        # Numbers go on where an earlier run on the same folder ended.
        self.numbers = itertools.count(sum(name.endswith(".eml") for name in os.listdir(folder)) + 1)

    async def handle_DATA(self, server, session, envelope):
        # The name is free by construction; `x` makes a second server on the folder an error.
        path = os.path.join(self.folder, f"{next(self.numbers):06}.eml")
        with open(path, "xb") as file:
            file.write(envelope.original_content)
        if self.log:
            head = email.message_from_bytes(envelope.original_content)
            entry = {
                "rcpt": envelope.rcpt_tos,
                "from": envelope.mail_from,
                "message_id": head["Message-ID"],
                "sha256": hashlib.sha256(envelope.original_content).hexdigest(),
                "path": path,
            }
            self.log.write(json.dumps(entry) + "\n")
            self.log.flush()
        if self.delay:
            await asyncio.sleep(self.delay / 1000)
        return "250 2.0.0 kept"


def certificate(folder):
    cert, key = os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem")
    if not os.path.exists(cert):
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        command += ["-nodes", "-days", "30", "-subj", "/CN=localhost", "-keyout", key, "-out", cert]
        command += ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
        command += ["-addext", "basicConstraints=critical,CA:FALSE"]
        subprocess.run(command, check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    return context


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 chooses one")
    parser.add_argument("--tls", choices=["none", "starttls", "implicit"], default="none")
    parser.add_argument("--auth", metavar="USER:PASSWORD", help="require this login")
    parser.add_argument("--log", metavar="FILE", help="one JSON line per accepted message, appended")
    parser.add_argument("--dir", metavar="DIR", help="where messages are kept (default: a new folder)")
    parser.add_argument("--delay-ms", type=int, default=0, help="before the reply to the final dot")
    return parser.parse_args()


async def serve(options):
    folder = options.dir or tempfile.mkdtemp(prefix="smtp-server-")
    os.makedirs(folder, exist_ok=True)
    log = open(options.log, "a", encoding="utf-8") if options.log else None
    context = certificate(folder) if options.tls != "none" else None
    keeper = Keeper(folder, log, options.delay_ms)
    settings = {"enable_SMTPUTF8": True, "hostname": "localhost", "data_size_limit": 64 * 1024 * 1024}
    if options.tls == "starttls":
        settings.update(tls_context=context, require_starttls=True)
    if options.auth:
        user, _, password = options.auth.partition(":")
        expected = LoginPassword(user.encode(), password.encode())

        def check(server, session, envelope, mechanism, given):
            return AuthResult(success=given == expected, handled=False)

        # Whether a login may be asked for is decided by our own options, not by whether TLS is on.
        settings.update(authenticator=check, auth_required=True, auth_require_tls=False)
    loop = asyncio.get_running_loop()
    implicit = context if options.tls == "implicit" else None
    server = await loop.create_server(
        lambda: SMTP(keeper, loop=loop, **settings), "127.0.0.1", options.port, ssl=implicit
    )
    print("listening", server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    # aiosmtpd warns of a login without TLS, which is what some tests want.
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    try:
        asyncio.run(serve(arguments()))
    except KeyboardInterrupt:
        sys.exit(0)
