#!/usr/bin/env python3
"""The Debian package, installed by dpkg into a throw-away root, and operated as docs/operate.md says.

    package.py [--binary PATH]      PATH: the program to pack; without it, the one under test

The root is this machine's, with a layer over it that is thrown away, in a network of its own: nothing of it is seen outside. Every block of
docs/operate.md that is marked `sh checked` is run there, in its order. systemd does not run there: a small program stands in for
`systemctl`, which starts and stops the service's own command as the service's user. What systemd itself does with the unit is asked of
`systemd-analyze`. Needs root, as dpkg does.
"""
import argparse, json, os, pathlib, re, subprocess, sys
import server
from server import ROOT, workplace

SYSTEMCTL = """#!/bin/sh
# Stands in for systemctl: starts and stops the command of khi.service.
stop() {
    pkill --uid khi --exact khi --signal TERM || return 0
    while pgrep --uid khi --exact khi > /dev/null; do sleep 0.05; done
}
start() {
    setsid khi-admin serve > /tmp/khi.log 2>&1 < /dev/null &
    for try in $(seq 400); do
        if curl --silent --fail --output /dev/null http://127.0.0.1:8080/readyz; then return 0; fi
        sleep 0.05
    done
    cat /tmp/khi.log >&2
    return 1
}
case "$1" in
    start) start ;;
    stop) stop ;;
    restart) stop; start ;;
    *) exit 0 ;;
esac
"""
# The most that systemd may find to mend in the unit, out of 10.
EXPOSURE = 2.0


class Test:
    def __init__(self, folder, binary):
        self.folder, self.binary = pathlib.Path(folder), binary
        self.passed, self.failures = 0, []

    def check(self, name, fault=None):
        if fault:
            self.failures.append(name)
            print(f"FAILED {name}: {fault}", flush=True)
        else:
            self.passed += 1

    def run(self, *command, **more):
        return subprocess.run(list(map(str, command)), capture_output=True, text=True, cwd=ROOT, **more)

    def pack(self):
        done = self.run("scripts/package", "--binary", self.binary, "--fast", "--out", self.folder / "out")
        self.check("scripts/package succeeds", done.returncode and done.stderr)
        self.package = next((self.folder / "out").glob("*.deb"))
        sums = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=self.folder / "out", capture_output=True, text=True)
        self.check("the sums are right", sums.returncode and sums.stdout)

    def contents(self):
        self.run("dpkg-deb", "-R", self.package, self.folder / "raw")
        raw = self.folder / "raw"
        for script in ("DEBIAN/preinst", "DEBIAN/postinst", "DEBIAN/prerm", "DEBIAN/postrm", "usr/sbin/khi-admin"):
            done = self.run("sh", "-n", raw / script)
            self.check(f"{script} is a shell script", done.returncode and done.stderr or not os.access(raw / script, os.X_OK))
        self.check("settings can hold passwords: others cannot read them", (raw / "etc/khi/khi.env").stat().st_mode & 0o007)
        loose = [str(p) for p in raw.rglob("*") if not p.is_symlink() and p.stat().st_mode & 0o022]
        self.check("nobody but root can write any of it", loose)
        unit = (raw / "lib/systemd/system/khi.service")
        security = self.run("systemd-analyze", "security", "--offline=true", f"--threshold={int(EXPOSURE * 10)}", unit)
        self.check(f"systemd finds the service exposed by at most {EXPOSURE}", security.returncode and security.stdout[-300:] + security.stderr)
        self.bill(json.loads((raw / "usr/share/doc/khi/khi.cdx.json").read_text()))
        listed = (raw / "usr/share/doc/khi/copyright").read_text()
        self.check("the copyright file names every part", [c["name"] for c in self.parts if f" {c['name']} {c['version']}: " not in listed])
        # Every setting of the file is one that the program knows.
        known = self.run(self.binary, "serve", "--help", env={"PATH": os.environ["PATH"]}).stdout
        named = re.findall(r"^#?([A-Z_]+)=", (raw / "etc/khi/khi.env").read_text(), re.MULTILINE)
        self.check("every setting in khi.env is one of khi's", [n for n in named if f"[env: {n}" not in known])

    def bill(self, bill):
        self.parts = bill["components"]
        names = {c["name"] for c in self.parts}
        self.check("the list of parts is CycloneDX", (bill["bomFormat"], bill["specVersion"]) != ("CycloneDX", "1.5"))
        self.check("SQLite, the web server and the encryption are in it", {"SQLite", "actix-web", "rustls", "ring"} - names)
        self.check("what only tests need is not", names & {"tempfile", "proptest"})
        self.check("each part has a licence and a sum", [c["name"] for c in self.parts if not c.get("licenses") or c["name"] != "SQLite" and not c.get("hashes")])
        references = {c["bom-ref"] for c in self.parts} | {bill["metadata"]["component"]["bom-ref"]}
        self.check("what depends on what is closed", [d["ref"] for d in bill["dependencies"] if {d["ref"], *d["dependsOn"]} - references])

    # In the throw-away root

    def install(self):
        """Runs the script below in a root with a layer over it, a network and processes of its own. All of it ends with the script."""
        layers = self.folder / "layers"
        layers.mkdir()
        blocks = re.findall(r"^```sh checked\n(.*?)^```$", (ROOT / "docs/operate.md").read_text(), re.MULTILINE | re.DOTALL)
        self.check("docs/operate.md has blocks to run", len(blocks) < 5 and blocks)
        steps = "\n".join(f"echo '== block {n}'\n{block}" for n, block in enumerate(blocks, 1))
        script = f"""set -eu
export DEBIAN_FRONTEND=noninteractive
cd /tmp/packed
{steps}
echo '== after'
khi-admin tallies verify
khi-admin audit verify
khi-admin doctor --json > /tmp/packed/doctor.json
stat -c '%a %U %G %n' /var/lib/khi /var/lib/khi/khi.db /var/lib/khi/khi.secret /var/backups/khi /etc/khi/khi.env > /tmp/packed/modes
ps -o user= -C khi > /tmp/packed/user
ls /var/backups/khi > /tmp/packed/backups
curl --silent --fail http://127.0.0.1:8080/ > /tmp/packed/home
echo '# mine' >> /etc/khi/khi.env
KHI_WITHOUT_BACKUP=1 dpkg --install ./khi_*.deb
tail -n 1 /etc/khi/khi.env > /tmp/packed/kept
systemctl stop khi
chown root /var/backups/khi
if dpkg --install ./khi_*.deb; then echo 'upgraded without a backup' > /tmp/packed/upgraded; fi
dpkg --purge khi
ls /var/lib/khi > /tmp/packed/left
if [ -e /usr/bin/khi ]; then echo there > /tmp/packed/program; fi
"""
        outer = f"""set -eu
mount -t tmpfs tmpfs {layers}
mkdir {layers}/upper {layers}/work {layers}/root
mount -t overlay overlay -o lowerdir=/,upperdir={layers}/upper,workdir={layers}/work {layers}/root
root={layers}/root
mount -t proc proc $root/proc
mount --rbind /dev $root/dev
mount -t tmpfs tmpfs $root/tmp
chmod 1777 $root/tmp
ip link set lo up
mkdir $root/tmp/packed
mount --bind {self.folder}/packed $root/tmp/packed
# A machine on which khi never was.
rm -rf $root/var/lib/khi $root/var/backups/khi $root/etc/khi
install -m 0755 {self.folder}/systemctl $root/usr/local/bin/systemctl
rm -rf $root/run/systemd
chroot $root bash /tmp/packed/steps > {self.folder}/packed/log 2>&1 < /dev/null
"""
        packed = self.folder / "packed"
        packed.mkdir()
        os.chmod(packed, 0o755)
        (self.folder / "systemctl").write_text(SYSTEMCTL)
        (packed / "steps").write_text(script)
        (packed / self.package.name).write_bytes(self.package.read_bytes())
        done = self.run("unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--propagation", "private", "bash", "-c", outer, timeout=300)
        read = lambda name: (packed / name).read_text() if (packed / name).exists() else ""
        log = read("log")
        self.check("every step of docs/operate.md succeeds", done.returncode and f"{log[-3000:]}\n{done.stderr}")
        if done.returncode:
            return
        modes = {line.split()[-1]: line.split()[:3] for line in read("modes").splitlines()}
        for path, expected in {"/var/lib/khi": ["700", "khi", "khi"], "/var/backups/khi": ["700", "khi", "khi"], "/etc/khi/khi.env": ["640", "root", "khi"],
                               "/var/lib/khi/khi.secret": ["600", "khi", "khi"], "/var/lib/khi/khi.db": ["600", "khi", "khi"]}.items():
            self.check(f"{path} is its owner's", modes.get(path) != expected and str(modes.get(path)))
        self.check("the service runs as its own user", set(read("user").split()) != {"khi"} and read("user"))
        doctor = json.loads(read("doctor.json"))
        self.check("the doctor is content", not doctor["ok"] and str(doctor))
        self.check("the account is there after the restore", {c["check"]: c["state"] for c in doctor["checks"]}["accounts"] != "ok")
        self.check("an upgrade takes a backup first", "a backup first" not in log or len(read("backups").split()) < 2)
        self.check("an upgrade without a backup stops", read("upgraded") or "nothing is upgraded" not in log)
        self.check("changed settings are kept", read("kept").strip() != "# mine")
        self.check("the pages are served", "<html" not in read("home"))
        self.check("purging leaves people's answers", "khi.db" not in read("left").split())
        self.check("and takes the program away", read("program"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=None)
    options = parser.parse_args()
    if os.getuid() != 0:
        os.execvp("sudo", ["sudo", "--preserve-env=KHI_BIN,PATH,CARGO_TARGET_DIR,HOME", sys.executable, *sys.argv])
    with workplace() as folder:
        test = Test(folder, options.binary or server.khi_binary())
        try:
            for part in (test.pack, test.contents, test.install):
                part()
        except Exception as error:  # noqa: BLE001 - every surprise is a failure of the test
            test.check("the test itself", repr(error))
    print(f"{test.passed} passed, {len(test.failures)} failed")
    return 1 if test.failures else 0


if __name__ == "__main__":
    sys.exit(main())
