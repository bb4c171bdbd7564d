# perl - DEVICE GATEWAY PORT WORD: says a word to a port of the gateway in a frame of its own making (packet(7)),
# past whatever rules the kernel has for datagrams. Needs CAP_NET_RAW.
use strict;
use Socket;

my ($device, $gateway, $port, $word) = @ARGV;
my ($af_packet, $sock_raw, $ethertype_ip) = (17, 3, 0x0800);

sub bytes_of { return pack('C*', map { hex } split /:/, $_[0]) }

sub read_file {
    open(my $file, '<', $_[0]) or die "$_[0]: $!";
    local $/;
    return <$file>;
}

sub checksum {
    my $sum = 0;
    $sum += $_ for unpack('n*', $_[0]);
    $sum = ($sum >> 16) + ($sum & 0xffff) while $sum >> 16;
    return ~$sum & 0xffff;
}

my $own_card = read_file("/sys/class/net/$device/address");
chomp $own_card;
my $index = 0 + read_file("/sys/class/net/$device/ifindex");
my ($card) = map { (split)[3] } grep { /^\Q$gateway\E\s/ } split /\n/, read_file('/proc/net/arp');
die "the gateway's card is not known: ping it first" unless defined $card;
my ($own) = `ip -oneline -4 address show dev $device` =~ /inet ([\d.]+)/;

my $udp = pack('nnnn', 40_000, $port, 8 + length $word, 0) . $word;
my $head = pack('CCnnnCCna4a4', 0x45, 0, 20 + length $udp, 1, 0, 64, 17, 0, inet_aton($own), inet_aton($gateway));
substr($head, 10, 2) = pack('n', checksum($head));
my $frame = bytes_of($card) . bytes_of($own_card) . pack('n', $ethertype_ip) . $head . $udp;

socket(my $wire, $af_packet, $sock_raw, 0) or die "packet socket: $!";
# struct sockaddr_ll: family, protocol, interface, hardware type, packet type, length and address.
my $where = pack('S n i S C C a8', $af_packet, $ethertype_ip, $index, 0, 0, 6, bytes_of($card));
defined send($wire, $frame, 0, $where) or print "refused: $!\n";
