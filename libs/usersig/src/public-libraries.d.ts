// Types of the two public libraries that the tests hold this one against; they ship none.
// By its file: its package.json names two different main files.
declare module 'tls-sig-api-v2/TLSSigAPIv2.js' {
  export class Api {
    constructor(sdkAppId: number, key: string);
    genUserSig(userId: string, expireSeconds: number): string;
    genSig(userId: string, expireSeconds: number, userbuf: Buffer | null): string;
    genPrivateMapKey(userId: string, expireSeconds: number, roomId: number, privilegeMap: number): string;
    genPrivateMapKeyWithStringRoomID(
      userId: string,
      expireSeconds: number,
      roomName: string,
      privilegeMap: number,
    ): string;
    _hmacsha256(userId: string, time: number, expireSeconds: number, userbuf: string | null): string;
  }
}

declare module 'tls-sig-api' {
  export class Sig {
    constructor(config: {
      sdk_appid: number;
      expire_after?: number;
      private_key_string?: string;
      public_key_string?: string;
    });
    genSig(userId: string): string;
    genSigWithUserbuf(userId: string, userbuf: string): string;
    verifySig(userSig: string, userId: string): boolean;
    verifySigWithUserbuf(userSig: string, userId: string): string | false;
  }
}
