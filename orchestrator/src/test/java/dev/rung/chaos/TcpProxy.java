package dev.rung.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Stands between trainers and a server on the loopback, and cuts, delays or swallows what they say
 * to each other. What is swallowed comes after all when the hole closes, as TCP sends it again.
 */
final class TcpProxy implements AutoCloseable {
  private static final int CHUNK = 16 * 1024;
  private static final int MOST_WAITING = 256;
  private static final int LOOK_MILLIS = 10;

  /** A direction of a connection. */
  enum Way {
    /** What the trainer says. */
    TO_SERVER,
    /** What the server says. */
    TO_TRAINER
  }

  private final ServerSocket listener;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Set<Way> holes = ConcurrentHashMap.newKeySet();
  private volatile long delayMillis;
  private volatile boolean closed;

  private record Piece(byte[] bytes, long due) {}

  /** A proxy on a free port. */
  TcpProxy(int target) throws IOException {
    this.target = target;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("proxy").start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** From now on everything comes so much later. */
  void delay(long millis) {
    delayMillis = millis;
  }

  /** Nothing comes through in one direction until {@link #fill}. */
  void hole(Way way) {
    holes.add(way);
  }

  void fill() {
    holes.clear();
  }

  /** Breaks every connection without a farewell. */
  void cut() {
    for (Socket socket : open) {
      try {
        socket.setSoLinger(true, 0);
      } catch (IOException e) {
        // It is closed already.
      }
      end(socket);
    }
  }

  private void accept() {
    while (!closed) {
      try {
        Socket trainer = listener.accept();
        open.add(trainer);
        Socket server = new Socket();
        open.add(server);
        Thread.ofVirtual().start(() -> connect(trainer, server));
      } catch (IOException e) {
        // The next trainer may come through; at the end the loop ends.
      }
    }
  }

  private void connect(Socket trainer, Socket server) {
    try {
      server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
      trainer.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
    } catch (IOException e) {
      end(trainer);
      end(server);
      return;
    }
    pump(trainer, server, Way.TO_SERVER);
    pump(server, trainer, Way.TO_TRAINER);
  }

  private void pump(Socket from, Socket to, Way way) {
    BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(MOST_WAITING);
    Thread.ofVirtual().start(() -> read(from, to, pieces));
    Thread.ofVirtual().start(() -> write(from, to, pieces, way));
  }

  private void read(Socket from, Socket to, BlockingQueue<Piece> pieces) {
    byte[] buffer = new byte[CHUNK];
    try {
      while (true) {
        int count = from.getInputStream().read(buffer);
        byte[] bytes = count < 0 ? new byte[0] : Arrays.copyOf(buffer, count);
        long due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(delayMillis);
        while (!pieces.offer(new Piece(bytes, due), LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
          if (from.isClosed() || to.isClosed()) {
            return;
          }
        }
        if (count < 0) {
          return;
        }
      }
    } catch (IOException e) {
      end(from);
      end(to);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(Socket from, Socket to, BlockingQueue<Piece> pieces, Way way) {
    try {
      while (!from.isClosed() && !to.isClosed()) {
        Piece piece = pieces.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (piece == null) {
          continue;
        }
        while ((holes.contains(way) || System.nanoTime() < piece.due()) && !to.isClosed()) {
          TimeUnit.MILLISECONDS.sleep(1);
        }
        if (piece.bytes().length == 0) {
          break;
        }
        to.getOutputStream().write(piece.bytes());
      }
    } catch (IOException e) {
      // The other side is gone: so is this one.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    end(from);
    end(to);
  }

  private void end(Socket socket) {
    open.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone as well.
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    listener.close();
    open.forEach(this::end);
  }
}
