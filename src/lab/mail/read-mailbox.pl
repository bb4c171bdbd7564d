# Reads a user's own mailbox file and changes nothing, its time of access included:
#   perl -e SCRIPT USER list MOST HEAD_BYTES   "count unread bytes", then a line for each of the last MOST mails
#   perl -e SCRIPT USER read INDEX MOST_BYTES  the line of one mail, then its source
# A mail's line: its number from 0, size in bytes, 1 where it has been read, the first HEAD_BYTES of its head in hex.
use strict;
use warnings;
use Fcntl;

my ($user, $mode, $which, $most_bytes) = @ARGV;
binmode STDOUT;
my $no_access_time = 01000000;    # O_NOATIME: whoever is told of new mail by the file's times is told all the same
my $path = "/var/mail/$user";
sysopen my $file, $path, O_RDONLY | $no_access_time or do {
    print "0 0 0\n" if $mode eq "list";
    exit;
};
binmode $file;

my ($at, $count, $unread, $is_blank, $in_head) = (0, 0, 0, 1, 0);
my ($mail, @last);

sub finish {
    return unless $mail;
    # The empty line before the next mail is not the mail's own.
    $mail->{end}-- if $is_blank && $mail->{end} > $mail->{start};
    $unread++ unless $mail->{read};
    push @last, $mail;
    shift @last if $mode eq "list" && @last > $which;
    undef $mail;
}

while (my $line = <$file>) {
    if ($is_blank && $line =~ /^From /) {
        finish();
        last if $mode eq "read" && $count > $which;
        @last = () if $mode eq "read";
        $mail = { index => $count++, start => $at + length $line, read => 0, head => "" };
        $in_head = 1;
    } elsif ($mail && $in_head) {
        $in_head = 0 if $line =~ /^\r?\n$/;
        $mail->{head} .= $line if length($mail->{head}) + length($line) <= $most_bytes;
        $mail->{read} = 1 if $line =~ /^Status:.*R/i;
    }
    $at += length $line;
    $is_blank = $line eq "\n";
    $mail->{end} = $at if $mail;
}
finish();

sub line_of {
    my ($one) = @_;
    return join(" ", $one->{index}, $one->{end} - $one->{start}, $one->{read}, unpack "H*", $one->{head}) . "\n";
}

if ($mode eq "list") {
    print "$count $unread ", -s $file, "\n";
    print line_of($_) for @last;
} else {
    my ($one) = grep { $_->{index} == $which } @last or exit 1;
    my $size = $one->{end} - $one->{start};
    $one->{head} = "";
    print line_of($one);
    seek $file, $one->{start}, 0;
    read $file, my $source, $size < $most_bytes ? $size : $most_bytes;
    print $source;
}
