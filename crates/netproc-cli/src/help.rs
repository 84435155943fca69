//! What `netproc --help` says.

/// The long help.
pub(crate) const HELP: &str = "\
netproc - any network process from a shell: the keyword lists of make-network-process

Usage:
  netproc [FLAG...] :KEYWORD VALUE...     make a client or a server and serve it
  netproc [FLAG...] '(:KEYWORD VALUE...)' the same, as one list in Lisp syntax
  netproc keywords [--json] [KEYWORD]     what the keywords take and mean
  netproc check FILE                      every mistake in a file of lists; - reads standard input
  netproc interfaces [--json]             the network interfaces and their addresses
  netproc cert [FLAG...]                  make a key and a certificate to develop with
  netproc peer [FLAG...] HOST SERVICE     what a server shows when TLS is begun with it

Examples:
  netproc :host localhost :service 7007
  netproc --tls :host example.org :service 443
  netproc :name echo :server t :host local :service 7007 :filter echo
  netproc :server t :family local :service /tmp/socket :filter print
  netproc :server t :service 8080 :forward '(:host \"localhost\" :service 80)'
  netproc :type datagram :host localhost :service 514 :coding utf-8-unix

Values:
  Each value is read the way its keyword wants it: :host localhost is a string, :host local the
  symbol, :service 80 a number, :service t any free port, :remote 127.0.0.1:7 an address.
  A value that begins with a quote or a bracket is Lisp: :name '\"text\"', :remote '[127 0 0 1 7]',
  :plist '(a 1)'. :name may be left out; it is \"client\" or \"server\" then. A keyword that is
  not known is a warning, every other mistake an error.

Clients:
  Standard input goes to the wire, the wire to standard output, byte for byte. With :coding the
  text is decoded from the wire and encoded to it, while standard input and output are UTF-8.
  The end of standard input ends the sending side only; the command ends when the other side
  has closed. A datagram or seqpacket client sends what it gets at one read (at most 8192 bytes)
  as one message; a datagram client ends when half a second after the end of input has passed
  without an answer. A client waits for its connection even with :nowait. In TLS the end of input
  ends this side of the session, and a connection that is cut without that is an error.

Servers:
  A server runs until SIGINT, SIGTERM or SIGHUP, and then removes the local socket it has made.
  In TLS, SIGHUP has it read its certificates again, for the connections that come after it. It
  goes on when the handshake with a client fails.
  With :server t as many connections may wait to be accepted as the system allows, not 5 as in
  a program; :server N sets how many.
  :filter names what is done with what arrives:
    print    write it to standard output (the default)
    echo     send it back
    discard  drop it
    chat     send it to all other connections; one that does not read is closed when 8 MiB wait
    forward  send it on as :forward '(LIST OF A CLIENT)' says, and the answers back; each
             connection gets one of its own, and bytes pass as they are
  Clients may be given print, echo and discard. :sentinel and :log take print (the default) and
  quiet.

Events:
  What happens (listen, accept, open, closed, failed, deleted, reload, warning) is written to
  standard error, a line each. With --json a line is an object with the members event, process,
  local, remote and message, of which those that are not known are null; it goes to standard
  output where nothing else does, so for servers that do not print, and to standard error
  otherwise.

Flags, before the list:
  -j, --json      write events as JSON
  -q, --quiet     write no events
  --threads N     serve with N threads; by default one a processor
  -h, --help      print this
  -V, --version   print the version

Flags of TLS, before the list and after peer; any of them means --tls:
  --tls                      encrypt; the same as :tls-parameters '(gnutls-x509pki)'
  --tls-trust FILE           trust these authorities or certificates too, not only the platform's
  --tls-no-platform-trust    trust nothing but what --tls-trust names
  --tls-host NAME            the host that the certificate must be for; by default that of :host
  --tls-key FILE, --tls-certificate FILE
                             what this side shows: always on servers, when asked for on clients
  --tls-client-ca FILE       let clients in only with a certificate that these authorities signed
  --tls-alpn NAME[,NAME...]  the application protocols, the best first
  --tls-priority STRING      what may be negotiated, as a priority string of GnuTLS
  --tls-crl FILE             certificates that their authority has revoked
  --tls-dangerously-verify-nothing
                             take any certificate from anybody: whoever is on the way can read
                             and change everything

Flags of peer:
  --starttls PROTOCOL        begin in clear, and ask for TLS as imap, smtp, pop3 or nntp does
  --json                     show it in JSON

Flags of cert:
  --host NAME                a name or address that it is for; may be repeated; by default
                             localhost, 127.0.0.1 and ::1
  --days N                   how long it is good for; by default 365
  --out DIR                  where HOST.pem and HOST-key.pem are written; by default here
  --key FILE, --certificate FILE
                             the names of both files
  --authority                make an authority that signs others
  --signed-by FILE           let this authority sign; its key is in FILE-key.pem beside FILE.pem,
                             or else --signed-by-key FILE
  --client NAME              make a certificate for a client of that name
  --force                    replace files that are there
  --json                     tell what was made in JSON

Exit status:
  0  all went well
  1  the network or the system said no
  2  the arguments are wrong
  3  peer: the server's certificate would be refused
";
